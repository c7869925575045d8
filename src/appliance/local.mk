# src/appliance
