// SPDX-License-Identifier: Apache-2.0

/**
 * The external builder for chaincode as a service: three executables by the names Fabric calls them.
 *
 * A package holds `connection.json` only. Its values may be templates such as `{{.peername}}`: they are filled from the
 * flat JSON object in CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG, and from the flat JSON file that its key `addresses`
 * names. The file is what lets one and the same package point every peer at its own organization's service, on a port
 * that is chosen after the peer was started.
 */
export const externalBuilder: Readonly<Record<'detect' | 'build' | 'release', string>> = {
  detect: `#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: detect fabricSourceDir METADATA_DIR; succeeds for packages of type ccaas
grep -Eq '"type"[[:space:]]*:[[:space:]]*"ccaas"' "$2/metadata.json"
`,
  build: `#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: build fabricSourceDir METADATA_DIR OUTPUT_DIR
set -eu
if [ ! -f "$1/connection.json" ]; then
  echo "connection.json is missing in the package" >&2
  exit 1
fi
cp "$1/connection.json" "$3/connection.json"
if [ -d "$1/META-INF" ]; then cp -R "$1/META-INF" "$3/META-INF"; fi
`,
  release: `#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# usage: release BUILD_OUTPUT_DIR RELEASE_OUTPUT_DIR
set -eu
config=\${CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG:-}

# value KEY: the string at that key of the flat JSON object on standard input, if any
value() {
  tr '\\n' ' ' | sed -n 's/.*"'"$1"'"[[:space:]]*:[[:space:]]*"\\([^"]*\\)".*/\\1/p'
}

addresses=$(printf '%s' "$config" | value addresses)
connection=$(cat "$1/connection.json")
for key in $(printf '%s' "$connection" | grep -o '{{\\.[A-Za-z0-9_-]*}}' | sed 's/{{\\.//; s/}}//' | sort -u); do
  found=$(printf '%s' "$config" | value "$key")
  if [ -z "$found" ] && [ -f "$addresses" ]; then found=$(value "$key" <"$addresses"); fi
  if [ -z "$found" ]; then
    echo "no value for {{.$key}} in CHAINCODE_AS_A_SERVICE_BUILDER_CONFIG" >&2
    exit 1
  fi
  connection=$(printf '%s' "$connection" | sed "s|{{\\.$key}}|$found|g")
done
mkdir -p "$2/chaincode/server"
printf '%s\\n' "$connection" >"$2/chaincode/server/connection.json"
if [ -d "$1/META-INF" ]; then cp -R "$1/META-INF/." "$2/"; fi
`,
};
