// tap.mjs -- tests in the order they are written, told in TAP.
const tests = [];
let current = 'before the first test';

// The title of the test that runs.
export const now = () => current;

export function test(title, run) {
  tests.push({ title, run });
}

// Runs what was named on the command line (a part of the title), or everything.
export async function runTests(words = process.argv.slice(2)) {
  const chosen = tests.filter(({ title }) => words.length === 0 || words.some((word) => title.includes(word)));
  let failed = 0;
  console.log(`1..${chosen.length}`);
  for (const [index, { title, run }] of chosen.entries()) {
    current = title;
    try {
      await run();
      console.log(`ok ${index + 1} - ${title}`);
    } catch (error) {
      failed += 1;
      for (const line of String(error.stack ?? error).split('\n')) console.log(`# ${line}`);
      // The summary of a whole run shows this line alone.
      console.log(`not ok ${index + 1} - ${title}: ${String(error.message ?? error).replace(/\s+/g, ' ').slice(0, 300)}`);
    }
  }
  return failed;
}

// Asks again and again until it is true, and answers what it gave.
export async function until(what, ask, seconds = 60) {
  const end = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const answer = await ask();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what} (last: ${last?.message ?? JSON.stringify(last)})`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
