// SPDX-License-Identifier: Apache-2.0
/**
 * An application as they were written for fabric-network 2: a file-system wallet, a connection profile, discovery with
 * the peers' addresses taken for this machine's. It evaluates, listens, submits, and waits for the event of its own
 * transaction.
 *
 * Its one argument is JSON: profile and wallet (paths), label, channel, chaincode, evaluate and submit ([function,
 * argument]).
 */
const { readFileSync } = require('node:fs');
const { Gateway, Wallets } = require('fabric-network');

const eventSeconds = 60;

/** Submits, and gives the event that this very transaction made. */
async function submitAndListen(contract, [name, argument]) {
  const transaction = contract.createTransaction(name);
  let timer;
  const seen = new Promise((resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no event within ${eventSeconds} s`)), eventSeconds * 1000);
    contract
      .addContractListener(async (event) => {
        const { transactionId, status, isValid } = event.getTransactionEvent();
        if (transactionId !== transaction.getTransactionId()) return;
        const block = event.getTransactionEvent().getBlockEvent().blockNumber.toString();
        resolve({ name: event.eventName, payload: event.payload.toString(), transactionId, status, isValid, block });
      })
      .catch(reject);
  });
  try {
    const answer = await transaction.submit(argument);
    return { submitted: answer.toString(), event: await seen };
  } finally {
    clearTimeout(timer);
  }
}

async function main({ profile, wallet, label, channel, chaincode, evaluate, submit }) {
  const gateway = new Gateway();
  try {
    await gateway.connect(JSON.parse(readFileSync(profile, 'utf8')), {
      wallet: await Wallets.newFileSystemWallet(wallet),
      identity: label,
      discovery: { enabled: true, asLocalhost: true },
    });
    const contract = (await gateway.getNetwork(channel)).getContract(chaincode);
    const evaluated = (await contract.evaluateTransaction(...evaluate)).toString();
    process.stdout.write(JSON.stringify({ evaluated, ...(await submitAndListen(contract, submit)) }));
  } finally {
    gateway.disconnect();
  }
}

main(JSON.parse(process.argv[2])).catch((error) => {
  process.exitCode = 1;
  console.error(error.stack);
});
