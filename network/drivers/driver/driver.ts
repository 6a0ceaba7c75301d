// SPDX-License-Identifier: Apache-2.0

/** A set of environment variables. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The kinds of nodes, each after those it needs. A service is anything the caller starts beside Fabric, such as a
 * notary daemon.
 */
export const nodeKinds = ['ca', 'orderer', 'peer', 'chaincode', 'service'] as const;
/** The kind of a node. */
export type NodeKind = (typeof nodeKinds)[number];

/** The ways of running nodes: as processes of this machine, or as containers. */
export const driverNames = ['native', 'docker'] as const;
/** A way of running nodes. */
export type DriverName = (typeof driverNames)[number];

/** Everything needed to start a node, and to start it again. */
export interface NodeSpec {
  /** Unique in the network; a host name for orderers and peers. */
  readonly name: string;
  readonly kind: NodeKind;
  /** MSP id of the organization that runs it */
  readonly organization: string;
  /** The name of its chain; services need not have one. */
  readonly chain?: string | undefined;
  readonly command: readonly string[];
  /** The whole environment, except what the driver adds to recognise its own processes. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Absolute paths of folders outside of the state folder that it reads; a container sees no others. */
  readonly reads?: readonly string[] | undefined;
  /** TCP ports by purpose, for users of this machine on 127.0.0.1; the node is ready when it listens at all of them */
  readonly ports: Readonly<Record<string, number>>;
}

/** What a node does now. */
export interface NodeProcess {
  readonly state: 'running' | 'paused' | 'dead';
  /** Missing for a dead node. */
  readonly pid?: number | undefined;
  /** Resident memory in bytes; missing for a dead node. */
  readonly residentBytes?: number | undefined;
}

/** Starts and stops nodes. Each way of running them has an implementation; all state is outside the calling process. */
export interface Driver {
  /** The address of the interface that its nodes listen at. */
  readonly bindAddress: string;
  /** The host by which other nodes reach a node. */
  hostOf(node: string): string;
  /** Starts a node that is dead and returns when it is ready; does nothing if it is alive. */
  start(node: NodeSpec): Promise<void>;
  /** Asks a node to end, and ends it after ten seconds; does nothing if it is dead. */
  stop(node: string): Promise<void>;
  /** Ends a node at once, as a crash would. */
  kill(node: string): Promise<void>;
  /** Halts a node without ending it: it keeps its connections and answers nothing. */
  pause(node: string): Promise<void>;
  /** Lets a paused node continue. */
  resume(node: string): Promise<void>;
  /** The status of each node; nodes that are not listed are dead. */
  status(): Promise<ReadonlyMap<string, NodeProcess>>;
  /** The log of a node in pieces of whole lines, without the end of the last line. */
  logs(node: string, options: LogOptions): AsyncGenerator<string>;
  /** Runs a command to its end. */
  run(tool: ToolCall): Promise<ToolResult>;
  /** Ends every process of this network at once, including those that a crashed caller left behind. */
  killAll(): Promise<void>;
  /** Ends commands that a crashed caller left running. Nodes continue. */
  killTools(): Promise<void>;
}

/** Which part of a node's log is wanted. */
export interface LogOptions {
  /** How many lines to begin with, at most. */
  readonly lines: number;
  /** If given, new lines follow until this signal aborts. */
  readonly follow?: AbortSignal | undefined;
}

/** A command that ends by itself. */
export interface ToolCall {
  readonly command: readonly string[];
  /** Its whole environment; by default that of the caller. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd: string;
  /** It is killed after this time; 60 by default. */
  readonly timeoutSeconds?: number;
}

/** How a command ended. */
export interface ToolResult {
  /** The exit status; -1 if it was killed by a signal. */
  readonly status: number;
  /** The standard output. */
  readonly output: string;
  /** The standard output and error in the order they came, for messages. */
  readonly log: string;
}
