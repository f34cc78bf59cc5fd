#!/bin/sh
# Puts packed packages in place of the sources of a clone: unpack.sh FOLDER-OF-ARCHIVES packages
set -eu
for archive in "$1"/*.tgz; do
  # busana-vision-0.1.0.tgz is packages/vision; busana-0.1.0.tgz is the command line.
  name=$(basename "$archive" | sed -E 's/-[0-9]+\..*//; s/^busana-//; s/^busana$/cli/')
  find "$2/$name" -mindepth 1 -maxdepth 1 ! -name node_modules -exec rm -r {} +
  tar -xzf "$archive" -C "$2/$name" --strip-components=1
done
