"""Unpacks a zip of the Go module proxy: unpack-module.py <zip> <h1 sum> <folder>. The sum is go.sum's, over names and contents."""

import base64
import hashlib
import sys
import zipfile

path, wanted, folder = sys.argv[1:]
with zipfile.ZipFile(path) as archive:
    listing = "".join(
        f"{hashlib.sha256(archive.read(name)).hexdigest()}  {name}\n"
        for name in sorted(archive.namelist())
    )
    found = "h1:" + base64.b64encode(hashlib.sha256(listing.encode()).digest()).decode()
    if found != wanted:
        sys.exit(f"cannot use {path}: its sum is {found} instead of {wanted}")
    archive.extractall(folder)
