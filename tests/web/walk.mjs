// walk.mjs -- walks about in the page, and weighs it: what is left is to be forgotten.

// How heavy a page is, without what nobody needs any more.
export async function scalesOf(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send('Performance.enable');
  return async () => {
    await cdp.send('HeapProfiler.collectGarbage');
    const { metrics } = await cdp.send('Performance.getMetrics');
    const value = (name) => metrics.find((one) => one.name === name).value;
    return { nodes: value('Nodes'), listeners: value('JSEventListeners'), heap: value('JSHeapUsedSize') };
  };
}

// So many page changes, the last one home; views: [hash, selectors of which one shows that it is there].
export async function walk(page, views, times) {
  const go = async (hash, signs) => {
    await page.evaluate((to) => { location.hash = to; }, hash);
    await page.locator(signs.split(', ').map((sign) => `.main ${sign}`).join(', ')).first().waitFor();
  };
  for (let i = 0; i < times; i += 1) await go(...views[i % views.length]);
  await go('#/home', '.shelf .card');
}
