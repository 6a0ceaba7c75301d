// SPDX-License-Identifier: Apache-2.0

export { backOffMs, pause, type BackOff } from './back-off';
export { ChainConnection, type BlockCodes, type Submission } from './chain-connection';
export { type Committed } from './committed';
export { callsIn, type BlockCalls, type CommittedCall, type CommittedTransaction } from './committed-transaction';
export { type ClientIdentity, type ConnectionOptions, type Deadlines, type PeerEndpoint } from './connection-options';
export { argumentsOf, validTransactions, type EndorserTransaction } from './endorser-transaction';
export { proofOfEnvelope } from './endorsed-envelope';
export { type EvidenceClient } from './evidence-client';
export { claimedBatch, decodeEvidenceFile, encodeEvidenceFile, findEvidence } from './evidence-file';
export {
  decodeProofFile,
  decodeTrustRecord,
  encodeProofFile,
  encodeTrustRecord,
  verifyProofFile,
  type ProvenPacket,
  refusedAsPegError,
} from './proof-file';
export {
  explanations,
  isPegErrorCode,
  isRefusalCode,
  type ClientCode,
  type ErrorClass,
  type Explanation,
  type PegErrorCode,
} from './explanations';
export { isUnavailable } from './gateway-failure';
export { isLoopback } from './grpc-client';
export { GovernanceClient } from './governance-client';
export { PegClient, type Relayed } from './peg-client';
export { PeerProbe, type LedgerTip } from './peer-probe';
export { parseRefusal, PegError, type PegErrorParts, type RefusalData } from './peg-error';
export { PegEventStream, type PegEventSeen } from './peg-event-stream';
