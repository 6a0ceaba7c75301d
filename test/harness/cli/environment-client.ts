// SPDX-License-Identifier: Apache-2.0
/**
 * A gateway client that knows nothing but the environment names of the Fabric samples, and takes the first file of the
 * folders for key and certificate, as those do. Evaluates the first argument; submits the second with the third, if
 * they are given.
 */
import { createPrivateKey } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client, credentials } from '@grpc/grpc-js';
import { connect, hash, signers } from '@hyperledger/fabric-gateway';

function variable(name: string): string {
  // eslint-disable-next-line no-restricted-properties -- a program of its own, and the environment is what it tests
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set`);
  return value;
}

function firstFileIn(folder: string): Buffer {
  const [first] = readdirSync(folder);
  if (first === undefined) throw new Error(`no file in ${folder}`);
  return readFileSync(join(folder, first));
}

async function main(evaluated: string, submitted: string | undefined, argument: string | undefined): Promise<void> {
  const client = new Client(variable('PEER_ENDPOINT'), credentials.createSsl(readFileSync(variable('TLS_CERT_PATH'))), {
    'grpc.ssl_target_name_override': variable('PEER_HOST_ALIAS'),
  });
  const gateway = connect({
    client,
    identity: { mspId: variable('MSP_ID'), credentials: firstFileIn(variable('CERT_DIRECTORY_PATH')) },
    signer: signers.newPrivateKeySigner(createPrivateKey(firstFileIn(variable('KEY_DIRECTORY_PATH')))),
    hash: hash.sha256,
  });
  try {
    const contract = gateway.getNetwork(variable('CHANNEL_NAME')).getContract(variable('CHAINCODE_NAME'));
    const text = (bytes: Uint8Array): unknown => JSON.parse(Buffer.from(bytes).toString('utf8'));
    const answers = { evaluated: text(await contract.evaluateTransaction(evaluated, '{}')) };
    const more =
      submitted === undefined ? {} : { submitted: text(await contract.submitTransaction(submitted, argument ?? '')) };
    process.stdout.write(JSON.stringify({ ...answers, ...more }));
  } finally {
    gateway.close();
    client.close();
  }
}

const [, , evaluated = '', submitted, argument] = process.argv;
main(evaluated, submitted, argument).catch((error: unknown) => {
  process.exitCode = 1;
  process.stderr.write(`${String(error)}\n`);
});
