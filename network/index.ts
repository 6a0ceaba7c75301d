// SPDX-License-Identifier: Apache-2.0

export { DRIVER_NAMES as driverNames, type DriverName, type NodeKind } from './drivers/driver';
export { freePorts, isFree } from './drivers/loopback-port';
export { applyFix } from './diagnosis/apply-fix';
export type { Check, Finding, Fix } from './diagnosis/finding';
export { judgeEnvironment } from './diagnosis/machine';
export { nodeClock, type NodeClock } from './diagnosis/node-facts';
export { networkChecks, type DiagnosisOptions } from './diagnosis/network-checks';
export { attachedTo, attachNetwork, requireAttachedNetwork } from './lifecycle/attach';
export { chainId } from './fabric/chain-id';
export { bringUp, type BringUpOptions } from './lifecycle/bring-up';
export {
  listCertificates,
  renewCertificates,
  type CertificateList,
  type CertificateStatus,
} from './lifecycle/certificates';
export { commandFiles, type CommandFiles } from './lifecycle/command-files';
export { deployChaincode, type DeployOptions } from './lifecycle/deploy-chaincode';
export { importedUsers, importIdentity, removeIdentity, type NamedIdentity } from './lifecycle/imported-identities';
export {
  importNetwork,
  isImported,
  refreshImported,
  requireImported,
  type NetworkView,
} from './lifecycle/imported-network';
export { keepCopies } from './lifecycle/kept-copies';
export { LOCK_SECONDS, withLock } from './lifecycle/lock';
export { mendState } from './lifecycle/mend-state';
export { parseState, readNetwork, type NetworkState } from './lifecycle/network-state';
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
} from './lifecycle/node-control';
export { togetherOf, type OnProgress, type ProgressEvent } from './lifecycle/progress';
export { chaincodeDigests, refreshChaincode } from './lifecycle/refresh-chaincode';
export { refillNode } from './lifecycle/refill-node';
export { restartNodes } from './lifecycle/restart';
export { restoreSnapshot, type RestoreOptions } from './lifecycle/restore';
export { topologyOf } from './lifecycle/restored-files';
export { startServices, stopService, type ServiceOptions } from './lifecycle/services';
export { isSealed } from './lifecycle/sealed-archive';
export { takeSnapshot, type Snapshot } from './lifecycle/snapshot';
export { type SnapshotManifest } from './lifecycle/snapshot-archive';
export { takeDown, takings, type Takings } from './lifecycle/take-down';
export { upgradeChaincode } from './lifecycle/upgrade-chaincode';
export { networkExplanations } from './explanations';
export { NetworkError, type NetworkErrorCode } from './network-error';
export { notaryUserOf } from './topology/notary-user';
export { builtInTopology, loadTopology } from './topology/load-topology';
export type { Chain, Endorsement, Organization, Peg, Topology } from './topology/topology';
export { syncToDisk, writeFileAtomic, writeJson } from './write-file-atomic';
