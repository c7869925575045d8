# tests/appliance
