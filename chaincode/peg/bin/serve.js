#!/usr/bin/env node
// SPDX-License-Identifier: Apache-2.0
/**
 * Serves the chaincode in the working folder to peers: what a chaincode's container runs.
 *
 * `fabric-chaincode-node server` reads neither the address nor the id from the environment, and as a container's first
 * process it would not end when asked to. `DEBUG` and `CORE_PEER_TLS_ENABLED` mean what they mean in Fabric's samples.
 */
'use strict';
const inspector = require('node:inspector');

const {
  CHAINCODE_SERVER_ADDRESS: address,
  CORE_CHAINCODE_ID_NAME,
  CHAINCODE_ID: id = CORE_CHAINCODE_ID_NAME,
  CORE_PEER_TLS_ENABLED: tls,
  DEBUG: debug,
} = process.env;

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(0));

if (address && id) {
  if (debug?.toLowerCase() === 'true') inspector.open(9229, '0.0.0.0');
  process.argv.push('server', `--chaincode-address=${address}`, `--chaincode-id=${id}`);
  if (tls?.toLowerCase() === 'true') {
    process.argv.push(
      '--chaincode-tls-key-file=/hyperledger/privatekey.pem',
      '--chaincode-tls-client-cacert-file=/hyperledger/rootcert.pem',
      '--chaincode-tls-cert-file=/hyperledger/cert.pem',
    );
  }
  require('fabric-shim/cli');
} else {
  console.error(
    'A chaincode service needs CHAINCODE_SERVER_ADDRESS (host:port) and CHAINCODE_ID (the package id). Set both.',
  );
  process.exitCode = 2;
}
