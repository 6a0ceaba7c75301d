// SPDX-License-Identifier: Apache-2.0

/**
 * The state of the model: two chains, a lane each way, value in units. What a state holds is what bears on who owns
 * what; docs/model.md.
 */

export type ChainName = 'home' | 'away';
/** `out` leads from home to away. */
export type LaneName = 'out' | 'back';

export const ends = {
  out: { source: 'home', destination: 'away' },
  back: { source: 'away', destination: 'home' },
} as const satisfies Record<LaneName, { readonly source: ChainName; readonly destination: ChainName }>;
export const returnOf = { out: 'back', back: 'out' } as const;
export const laneNames = ['out', 'back'] as const;
export const chainNames = ['home', 'away'] as const;

/** What a packet says: as it was sent, changed, or that an asset of another home is at home at its source. */
export type Content = 'true' | 'altered' | 'foreign';

/** One unit on its way. */
export interface PacketState {
  /** `p...` as sent; `x...` was never sent, somebody lied. */
  readonly id: string;
  readonly lane: LaneName;
  /** Its deadline passes with the next tick; -1 when it was never sent. */
  readonly sentAt: number;
  readonly receipt: '' | 'received' | 'refused';
  /** What the receipt is of. */
  readonly content: Content;
  readonly settled: '' | 'delivered' | 'refunded';
  /** How often these happened, which the rules do not ask. */
  readonly paid: number;
  readonly refusals: number;
  readonly refunds: number;
}

export interface LaneStatus {
  readonly state: 'open' | 'paused' | 'frozen';
  readonly sequence: number;
}

/** A change of both lanes' status that organizations consent to. */
export interface ProposalState {
  readonly state: 'open' | 'paused';
  /** What both sequences become. */
  readonly sequences: Readonly<Record<LaneName, number>>;
  /** Organizations that consent, and how many the design counts. */
  readonly organizations: number;
  readonly counted: number;
  /** Tick at which the majority was complete, -1 before. */
  readonly completeAt: number;
}

export interface ChainState {
  /** One unit each, named after what made them. */
  readonly notes: readonly string[];
  /** Of the lane between the two chains; each named after its packet. */
  readonly escrow: readonly string[];
  /** Escrow of a lane to a third chain, which nothing here may touch. */
  readonly otherEscrow: number;
  /** Units of the window used, by lane. */
  readonly used: Readonly<Record<LaneName, number>>;
  readonly laneStatuses: Readonly<Record<LaneName, LaneStatus>>;
  readonly epoch: number;
  /** Whether the key of the notary that lies is suspended, and the lanes that evidence has frozen. */
  readonly suspended: boolean;
  readonly accused: readonly LaneName[];
  readonly proposal: ProposalState | undefined;
  /** Evidence has come in and no majority has thawed since: asked by properties only. */
  readonly alarmed: boolean;
}

export interface State {
  readonly time: number;
  readonly chains: Readonly<Record<ChainName, ChainState>>;
  readonly packets: readonly PacketState[];
}

/** Both chains open, all value on the home chain. */
export function initialState(supply: number): State {
  const open: LaneStatus = { state: 'open', sequence: 0 };
  const empty: ChainState = {
    notes: [],
    escrow: [],
    otherEscrow: 0,
    used: { out: 0, back: 0 },
    laneStatuses: { out: open, back: open },
    epoch: 0,
    suspended: false,
    accused: [],
    proposal: undefined,
    alarmed: false,
  };
  const notes = Array.from({ length: supply }, (_, index) => `issued ${index}`);
  return {
    time: 0,
    chains: { home: { ...empty, notes, otherEscrow: 1 }, away: empty },
    packets: [],
  };
}

/** The state with another state of one chain. */
export function withChain(state: State, name: ChainName, changes: Partial<ChainState>): State {
  return { ...state, chains: { ...state.chains, [name]: { ...state.chains[name], ...changes } } };
}

/** A packet that was sent or, as far as is known, one that was not. */
export function packetNamed(state: State, id: string, lane: LaneName): PacketState {
  return (
    state.packets.find((packet) => packet.id === id) ?? {
      id,
      lane,
      sentAt: -1,
      receipt: '',
      content: 'true',
      settled: '',
      paid: 0,
      refusals: 0,
      refunds: 0,
    }
  );
}

/** The state with another state of one packet. */
export function withPacket(state: State, packet: PacketState): State {
  const others = state.packets.filter(({ id }) => id !== packet.id);
  return { ...state, packets: [...others, packet].sort((a, b) => (a.id < b.id ? -1 : 1)) };
}
