// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one class, because a block is believed only after all of its checks.

import { blockHashOf, type ChainId } from '@gridpeg/protocol';
import { type common } from '@hyperledger/fabric-protos';
import { type BlockCodes } from '../client';
import { type ReadCopies } from './report/audit-report';
import { type AuditBlock, type AuditTransaction } from './blocks/audit-block';
import { BlockSequence } from './blocks/block-sequence';
import { BlockSignatures } from './blocks/block-signatures';
import { parseBlock } from './blocks/parse-block';
import { type Finding, type FindingRule } from './report/finding';
import { type BlockSource } from './ledger-reading';
import { messageOf } from './replay/message-of';

/** A peer's copy of a ledger. */
export interface LedgerPeer {
  /** MSP id of whose peer it is */
  readonly organization: string;
  /** The host name for messages; if several peers may have answered, all of their names. */
  readonly name: string;
  readonly height: () => Promise<bigint>;
  /** The blocks `from` to `to` - 1, in order. */
  readonly blocks: (from: bigint, to: bigint) => AsyncIterable<common.Block>;
  /** The validation codes of the transactions of each of these blocks, in order. */
  readonly validationCodes: (from: bigint, to: bigint) => AsyncIterable<BlockCodes>;
}

/**
 * One chain as a peer has it, each block checked: that it follows the one before, that the chain's orderers signed it,
 * and that a peer of another organization judged its transactions alike. Orderers do not sign that judgement.
 */
export class VerifiedChain implements BlockSource {
  readonly name: string;
  readonly chainId: ChainId;
  readonly chaincodeName: string;
  readonly #peers: readonly LedgerPeer[];
  readonly #sequence: BlockSequence;
  readonly #signatures = new BlockSignatures();
  readonly #findings: Finding[] = [];
  #reader: LedgerPeer | undefined;
  #witness: LedgerPeer | undefined;
  #compared = 0n;

  /** @param peers - one of each organization, the preferred one first */
  constructor(
    chain: { readonly name: string; readonly chainId: ChainId; readonly chaincodeName: string },
    peers: readonly LedgerPeer[],
  ) {
    this.name = chain.name;
    this.chainId = chain.chainId;
    this.chaincodeName = chain.chaincodeName;
    this.#peers = peers;
    this.#sequence = new BlockSequence(chain.name, chain.chainId);
  }

  get copies(): ReadCopies {
    return {
      organization: this.#reader?.organization ?? '',
      comparedWith: this.#compared === 0n ? undefined : this.#witness?.organization,
      compared: this.#compared,
    };
  }

  /** Reads from the first peer that answers; the next one that does is the one to compare with. */
  async height(): Promise<bigint> {
    if (this.#reader !== undefined) return this.#reader.height();
    let failure: unknown = new Error(`chain ${this.name} has no peers`);
    for (const [place, peer] of this.#peers.entries()) {
      try {
        const height = await peer.height();
        this.#reader = peer;
        this.#witness = await firstThatAnswers(this.#peers.slice(place + 1));
        return height;
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  }

  async *blocks(from: bigint, to: bigint): AsyncGenerator<AuditBlock, void> {
    const reader = this.#reader;
    if (reader === undefined) throw new Error('the height is asked for first');
    const comparison = await this.#comparison(reader, from, to);
    try {
      for await (const received of reader.blocks(from, to)) {
        const block = this.#parse(received, reader);
        // What comes after it cannot be judged either.
        if (block === undefined) return;
        for (const finding of this.#sequence.check(block)) {
          this.#findings.push({ ...finding, about: `${finding.about}, by ${nameOf(reader)}` });
        }
        this.#checkSignatures(received, block, reader);
        if (await this.#compare(block, comparison)) this.#compared += 1n;
        yield block;
      }
    } finally {
      await comparison?.codes.return?.();
    }
  }

  /** The findings of a block that was read before. The peer may show another one now, so it is checked again. */
  async transactions(number: bigint): Promise<readonly AuditTransaction[]> {
    const reader = this.#reader;
    if (reader === undefined) throw new Error('the height is asked for first');
    const received = await blockOf(reader, number);
    if (received === undefined) {
      this.#find('BLOCK_MALFORMED', number, `block read again, by ${nameOf(reader)}`, 'the block', 'none');
      return [];
    }
    const block = this.#parse(received, reader);
    if (block === undefined) return [];
    const expected = `${number.toString()} ${block.dataHash}`;
    const found = `${block.number.toString()} ${block.dataHashFound}`;
    const about = `number and data hash, by ${nameOf(reader)}`;
    if (expected !== found) this.#find('BLOCK_HASH', number, about, expected, found);
    this.#checkSignatures(received, block, reader);
    await this.#compare(block, await this.#comparison(reader, number, number + 1n));
    return block.transactions;
  }

  takeFindings(): readonly Finding[] {
    return this.#findings.splice(0);
  }

  #checkSignatures(received: common.Block, block: AuditBlock, reader: LedgerPeer): void {
    const fault = this.#signatures.check(received, block);
    const about = `signatures, by ${nameOf(reader)}`;
    if (fault !== undefined) this.#find('BLOCK_UNSIGNED', block.number, about, fault.expected, fault.found);
  }

  /** Validation codes of the other organization's peer, as far as it has these blocks. */
  async #comparison(reader: LedgerPeer, from: bigint, to: bigint): Promise<Comparison | undefined> {
    const witness = this.#witness;
    if (witness === undefined) return undefined;
    const height = await witness.height().catch(() => 0n);
    const until = height < to ? height : to;
    if (until <= from) return undefined;
    return { reader, witness, until, codes: witness.validationCodes(from, until)[Symbol.asyncIterator]() };
  }

  /** @returns whether the other peer said anything about the block */
  async #compare(block: AuditBlock, comparison: Comparison | undefined): Promise<boolean> {
    if (comparison === undefined || block.number >= comparison.until) return false;
    const { reader, witness, until, codes } = comparison;
    const next = await codes.next().catch(() => undefined);
    if (next === undefined || next.done === true) return false;
    const expected = codesText({ number: block.number, codes: block.flags });
    const found = codesText(next.value);
    const about = `validation codes, by ${nameOf(reader)} and ${nameOf(witness)}`;
    if (expected !== found) this.#find('FLAGS_DIFFER', block.number, about, expected, found);
    if (block.number + 1n === until) await this.#compareHeads(block, reader, witness);
    return true;
  }

  /** The hash of one block covers all blocks before it. */
  async #compareHeads(block: AuditBlock, reader: LedgerPeer, witness: LedgerPeer): Promise<void> {
    const other = await blockOf(witness, block.number).catch(() => undefined);
    if (other !== undefined) {
      const [expected, found] = [blockHashOf(block), blockHashOf(parseBlock(other, this.chaincodeName))];
      const about = `last block, by ${nameOf(reader)} and ${nameOf(witness)}`;
      if (expected !== found) this.#find('HEADS_DIFFER', block.number, about, expected, found);
    }
  }

  #parse(received: common.Block, reader: LedgerPeer): AuditBlock | undefined {
    try {
      return parseBlock(received, this.chaincodeName);
    } catch (error) {
      const number = BigInt(received.getHeader()?.getNumber() ?? 0);
      this.#find('BLOCK_MALFORMED', number, `block, by ${nameOf(reader)}`, 'one that Fabric writes', messageOf(error));
      return undefined;
    }
  }

  #find(rule: FindingRule, block: bigint, about: string, expected: string, found: string): void {
    this.#findings.push({ rule, chain: this.name, block, txId: undefined, laneId: undefined, about, expected, found });
  }
}

function nameOf({ organization, name }: LedgerPeer): string {
  return `${organization}'s peer ${name}`;
}

function codesText({ number, codes }: BlockCodes): string {
  return `${codes.join(' ')} in block ${number.toString()}`;
}

async function firstThatAnswers(peers: readonly LedgerPeer[]): Promise<LedgerPeer | undefined> {
  for (const peer of peers) {
    const answers = await peer.height().then(
      () => true,
      () => false,
    );
    if (answers) return peer;
  }
  return undefined;
}

async function blockOf(peer: LedgerPeer, number: bigint): Promise<common.Block | undefined> {
  for await (const block of peer.blocks(number, number + 1n)) return block;
  return undefined;
}

interface Comparison {
  readonly reader: LedgerPeer;
  readonly witness: LedgerPeer;
  /** Number of blocks that the witness has, at most as many as are read. */
  readonly until: bigint;
  readonly codes: AsyncIterator<BlockCodes>;
}
