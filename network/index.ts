// SPDX-License-Identifier: Apache-2.0

export { driverNames, type DriverName, type NodeKind } from './drivers/driver/driver';
export { freePorts, isFree } from './drivers/driver/loopback-port';
export { applyFix } from './diagnosis/apply-fix';
export { failedBy, type Check, type Finding, type Fix } from './diagnosis/finding';
export { judgeEnvironment } from './diagnosis/machine';
export { nodeClock, type NodeClock } from './diagnosis/node-facts';
export { networkChecks, type DiagnosisOptions } from './diagnosis/network-checks';
export { attachedTo, attachNetwork, requireAttachedNetwork } from './attach/attach';
export { chainId } from './fabric/chain-id';
export { bringUp, type BringUpOptions } from './lifecycle/bring-up';
export {
  listCertificates,
  renewCertificates,
  type CertificateList,
  type CertificateStatus,
} from './certificates/certificates';
export { commandFiles, type CommandFiles } from './state/command-files';
export { readCollections } from './chaincode/collections';
export { deployChaincode, type DeployOptions } from './chaincode/deploy-chaincode';
export { importedUsers, importIdentity, removeIdentity, type NamedIdentity } from './state/imported-identities';
export {
  importNetwork,
  isImported,
  refreshImported,
  requireImported,
  type NetworkView,
} from './state/imported-network';
export { keepCopies } from './state/kept-copies';
export { checkNesting } from './runtime/check-nesting';
export { formatDuration, parseDuration } from './runtime/duration';
export { lockSeconds, withLock } from './runtime/lock';
export { mendState } from './state/mend-state';
export { parseState, readNetwork, type NetworkState } from './state/network-state';
export {
  chaincodePackages,
  killNode,
  networkStatus,
  nodeHost,
  nodeLogs,
  pauseNode,
  restartNode,
  resumeNode,
  startNode,
  stopNode,
  type NodeAddress,
  type NodeStatus,
} from './nodes/node-control';
export { deployTestNetwork, isAttachedTo, takeDownTestNetwork } from './attach/deploy-test-network';
export { pollUntil } from './runtime/poll-until';
export { sleepUntilAborted } from './runtime/sleep';
export { togetherOf, type OnProgress, type ProgressEvent } from './runtime/progress';
export { chaincodeDigests, refreshChaincode } from './chaincode/refresh-chaincode';
export { refillNode } from './lifecycle/refill-node';
export { restartNodes } from './nodes/restart';
export { restoreSnapshot, type RestoreOptions } from './snapshot/restore';
export { topologyOf } from './state/restored-files';
export { startServices, type ServiceOptions } from './nodes/services';
export { isSealed } from './snapshot/sealed-archive';
export { takeSnapshot, type Snapshot } from './snapshot/snapshot';
export { type SnapshotManifest } from './snapshot/snapshot-archive';
export { takeDown, plannedRemoval, type Removal } from './lifecycle/take-down';
export { upgradeChaincode } from './chaincode/upgrade-chaincode';
export { networkExplanations } from './runtime/explanations';
export { NetworkError, type NetworkErrorCode } from './runtime/network-error';
export { notaryUserOf } from './topology/notary-user';
export { builtInTopology, loadTopology } from './topology/load-topology';
export type { Chain, Endorsement, Organization, Peg, Topology } from './topology/topology';
export { syncToDisk, writeFileAtomic, writeJson } from './runtime/write-file-atomic';
