// SPDX-License-Identifier: Apache-2.0

export { backOffMs, pause, type BackOff } from './connection/back-off';
export { ChainConnection, type BlockCodes, type Submission } from './connection/chain-connection';
export { type Committed } from './committed';
export {
  callsIn,
  type BlockCalls,
  type CommittedCall,
  type CommittedTransaction,
} from './connection/committed-transaction';
export {
  type ClientIdentity,
  type ConnectionOptions,
  type Deadlines,
  type PeerEndpoint,
} from './connection/connection-options';
export { argumentsOf, validTransactions, type EndorserTransaction } from './connection/endorser-transaction';
export { proofOfEnvelope } from './endorsed-envelope';
export { type EvidenceClient } from './evidence-client';
export { claimedBatch, decodeEvidenceFile, encodeEvidenceFile, findEvidence } from './files/evidence-file';
export {
  decodeProofFile,
  decodeTrustRecord,
  encodeProofFile,
  encodeTrustRecord,
  verifyProofFile,
  type ProvenPacket,
  refusedAsPegError,
} from './files/proof-file';
export {
  explanations,
  isPegErrorCode,
  isRefusalCode,
  type ClientCode,
  type ErrorClass,
  type Explanation,
  type PegErrorCode,
} from './errors/explanations';
export { isUnavailable } from './connection/gateway-failure';
export { isLoopback } from './connection/grpc-client';
export { GovernanceClient } from './governance-client';
export { PegClient, type Relayed } from './peg-client';
export { orderersIn } from './probes/orderer-probe';
export { PeerProbe, type LedgerTip } from './probes/peer-probe';
export { parseRefusal, PegError, type PegErrorParts } from './errors/peg-error';
export { reopenedStream } from './connection/reopened-stream';
export { PegEventStream, type PegEventSeen } from './connection/peg-event-stream';
