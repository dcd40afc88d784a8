import json
import pathlib

file = pathlib.Path(__file__).with_name("prices.json")
prices = json.loads(file.read_text()) if file.exists() else {}
print(f"{len(prices)} prices:", *(f"{name} {price}" for name, price in prices.items()))
