// SPDX-License-Identifier: Apache-2.0
// More than 200 lines: one model, the states and steps of which are explored together.

/**
 * The model of what evidence of a source's answers does; docs/spec/08-governance.md section 8.5 and docs/model.md.
 *
 * One packet. The notary of G lies and the one of R is honest. R's peer tells the truth, the peers of the others may
 * lie.
 */

/** Keys that signed the packet, in the order of the alphabet. */
export type Signers = '' | 'G' | 'GR' | 'R';
/** Organizations whose peers answer: all of them, all but the liar's own, or those that lie. */
type Witnesses = 'GMCR' | 'MCR' | 'GMC' | 'GM';

export type Deed =
  | { readonly do: 'commit' }
  | { readonly do: 'sign'; readonly by: 'G' | 'R' }
  /**
   * Asks the source whether it has the packet. With `lag`, peers without the newest block endorse, and it is
   * ordered later.
   */
  | { readonly do: 'ask'; readonly of: Signers; readonly lag?: true }
  | { readonly do: 'order' }
  /** Submits an absence. With `lie`, there is no such record, and the witnesses invent it. */
  | { readonly do: 'deny'; readonly of: Signers; readonly by: Witnesses; readonly lie?: true }
  /** Submits two answers: with two contents, or one of them without the packet. */
  | { readonly do: 'contradict'; readonly by: 'two contents' | 'a peer that lags' }
  | { readonly do: 'thaw' };

type DeedOf<Kind extends Deed['do']> = Extract<Deed, { readonly do: Kind }>;

export interface Accusation {
  readonly committed: boolean;
  readonly signed: Signers;
  /** Who signed before there was a packet. */
  readonly early: Signers;
  /** Absences on the source's ledger, by who is accused. */
  readonly absences: readonly Signers[];
  /** A question that is endorsed and not ordered. */
  readonly held: Signers | undefined;
  readonly frozen: boolean;
  readonly suspended: Signers;
  /** Keys that evidence of absence has named, and whether there was any of the two kinds. */
  readonly accused: Signers;
  readonly denied: boolean;
  readonly contradicted: boolean;
  readonly thaws: number;
  /** Evidence that was taken, which only the properties ask. */
  readonly shown: readonly string[];
}

export const innocence: Accusation = {
  ...{ committed: false, signed: '', early: '', absences: [], held: undefined },
  ...{ frozen: false, suspended: '', accused: '', denied: false, contradicted: false, thaws: 0, shown: [] },
};

/** Mistakes that such a design could have made, and what each breaks. */
export const accusationErrors = {
  'a notary signs before its own peer has the packet': 'T44: an honest key ends',
  'an absence is an answer and no record': 'T44: an honest key ends',
  'a question names no signatures': 'T44: an honest key ends',
  'the word of any peers ends a key': 'T44: an honest key ends',
  'as many peers deny as a proof takes': 'T43: a lane freezes, and nobody lied who could',
  'what a peer lacks contradicts what another has': 'T43: a lane freezes, and nobody lied who could',
  'known evidence freezes again': 'PEG-12: a thaw is undone by what was known',
  'evidence is recorded by its packet alone': 'T11: a liar keeps its key',
} as const;
export type AccusationError = keyof typeof accusationErrors;

export interface Outcome {
  readonly after: Accusation;
  readonly outcome: string;
}

const keysWhere = (isOne: (key: 'G' | 'R') => boolean): Signers =>
  (['G', 'R'] as const).filter(isOne).join('') as Signers;
const including = (some: Signers, one: Signers): Signers => keysWhere((key) => some.includes(key) || one.includes(key));
const without = (some: Signers, others: string): Signers =>
  keysWhere((key) => some.includes(key) && !others.includes(key));
const among = (some: Signers, others: string): Signers =>
  keysWhere((key) => some.includes(key) && others.includes(key));

/** Everything that anybody may do next. */
function deedsIn(state: Accusation): readonly Deed[] {
  const { committed, signed, held, thaws, frozen } = state;
  const named: readonly Signers[] = ['', 'G', 'R', 'GR'];
  const witnesses: readonly Witnesses[] = ['GMCR', 'MCR'];
  const liars: readonly Witnesses[] = ['GMC', 'GM'];
  const possible = named.filter((some) => without(some, signed) === '');
  return [
    ...(committed ? [] : [{ do: 'commit' } as const]),
    ...(['G', 'R'] as const).filter((by) => !signed.includes(by)).map((by) => ({ do: 'sign', by }) as const),
    ...possible.map((of) => ({ do: 'ask', of }) as const),
    ...(held === undefined
      ? possible.filter((of) => of !== '').map((of) => ({ do: 'ask', of, lag: true }) as const)
      : [{ do: 'order' } as const]),
    ...state.absences.flatMap((of) => witnesses.map((by) => ({ do: 'deny', of, by }) as const)),
    ...possible
      .filter((of) => of !== '')
      .flatMap((of) => liars.map((by) => ({ do: 'deny', of, by, lie: true }) as const)),
    ...(committed
      ? (['two contents', 'a peer that lags'] as const).map((by) => ({ do: 'contradict', by }) as const)
      : []),
    ...(frozen && thaws === 0 ? [{ do: 'thaw' } as const] : []),
  ];
}

/** What a deed leads to. */
export function judge(state: Accusation, deed: Deed, error?: AccusationError): Outcome {
  switch (deed.do) {
    case 'commit':
      return { after: { ...state, committed: true }, outcome: 'committed' };
    case 'sign':
      return sign(state, deed.by, error);
    case 'ask':
      return ask(state, deed, error);
    case 'order':
      return order(state, error);
    case 'deny':
      return deny(state, deed, error);
    case 'contradict':
      return contradict(state, deed.by, error);
    case 'thaw':
      return { after: { ...state, frozen: false, thaws: state.thaws + 1 }, outcome: 'open' };
  }
}

function ask(state: Accusation, { of, lag }: DeedOf<'ask'>, error: AccusationError | undefined): Outcome {
  if (of === '' && error !== 'a question names no signatures') return { after: state, outcome: 'REQUEST_MALFORMED' };
  if (lag) return { after: { ...state, held: of }, outcome: 'endorsed' };
  if (state.committed && !state.absences.includes(of)) return { after: state, outcome: 'ENTRY_COMMITTED' };
  return recorded(state, of);
}

/** An honest notary asks its own peer first. */
function sign(state: Accusation, by: 'G' | 'R', error: AccusationError | undefined): Outcome {
  const { committed, signed, early } = state;
  const asks = by === 'R' && error !== 'a notary signs before its own peer has the packet';
  if (asks && !committed) return { after: state, outcome: 'OUTBOX_UNKNOWN' };
  const after = { ...state, signed: including(signed, by), early: committed ? early : including(early, by) };
  return { after, outcome: 'signed' };
}

function recorded(state: Accusation, of: Signers): Outcome {
  if (state.absences.includes(of)) return { after: state, outcome: 'already-done' };
  return { after: { ...state, absences: [...state.absences, of].sort() }, outcome: 'done' };
}

/** What lagging peers read is not what the ledger has: the transaction is invalid, or the record is there already. */
function order(state: Accusation, error: AccusationError | undefined): Outcome {
  const after = { ...state, held: undefined };
  if (state.held === undefined) throw new Error('nothing is held');
  const isOld = state.committed || state.absences.includes(state.held);
  if (isOld && error !== 'an absence is an answer and no record') return { after, outcome: 'MVCC_READ_CONFLICT' };
  return { after: recorded(after, state.held).after, outcome: 'VALID' };
}

function deny(state: Accusation, deed: DeedOf<'deny'>, error: AccusationError | undefined): Outcome {
  const enough = error === 'as many peers deny as a proof takes' ? 2 : 3;
  if (deed.by.length < enough) return { after: state, outcome: 'ENDORSEMENTS_TOO_FEW' };
  // Without signatures in the question, whoever has signed by now is accused.
  const trusted = without(deed.of === '' ? state.signed : deed.of, state.suspended);
  const fresh = without(trusted, state.accused);
  const ended = endedBy(deed.by, trusted, fresh, error);
  const isNew = fresh !== '' || ended !== '' || (!state.denied && trusted !== '');
  if (!isNew && error !== 'known evidence freezes again') return { after: state, outcome: 'already-done' };
  const after = {
    ...state,
    ...{ frozen: true, denied: true, accused: including(state.accused, trusted) },
    suspended: including(state.suspended, ended),
    shown: [...new Set([...state.shown, nameOf(deed)])].sort(),
  };
  return { after, outcome: 'done' };
}

/** Keys that evidence ends: those whose own peers are among the witnesses. */
function endedBy(by: Witnesses, trusted: Signers, fresh: Signers, error: AccusationError | undefined): Signers {
  if (error === 'the word of any peers ends a key') return trusted;
  return among(error === 'evidence is recorded by its packet alone' ? fresh : trusted, by);
}

function contradict(state: Accusation, by: string, error: AccusationError | undefined): Outcome {
  const lacks = by === 'a peer that lags';
  if (lacks && error !== 'what a peer lacks contradicts what another has')
    return { after: state, outcome: 'EVIDENCE_INVALID' };
  if (state.contradicted && error !== 'known evidence freezes again') return { after: state, outcome: 'already-done' };
  const shown = [...new Set([...state.shown, by])].sort();
  return { after: { ...state, frozen: true, contradicted: true, shown }, outcome: 'done' };
}

/** @returns what a step breaks, asked without any rule of the design; '' when nothing */
function brokenByDeed(before: Accusation, deed: Deed, { after, outcome }: Outcome): string {
  if (after.suspended.includes('R')) return 'T44: an honest key ends';
  const freezes = after.frozen && !before.frozen;
  if (freezes && before.shown.includes(nameOf(deed))) return 'PEG-12: a thaw is undone by what was known';
  if (isLiarFree(deed, after, outcome)) return 'T11: a liar keeps its key';
  return freezes && !isLie(deed, after) ? 'T43: a lane freezes, and nobody lied who could' : '';
}

function nameOf(deed: Deed): string {
  return deed.do === 'contradict' ? deed.by : JSON.stringify(deed);
}

/** Its own peer says that it signed what was not there, and yet its key counts. */
function isLiarFree(deed: Deed, after: Accusation, outcome: string): boolean {
  if (deed.do !== 'deny' || deed.lie === true || !['done', 'already-done'].includes(outcome)) return false;
  return deed.of.includes('G') && deed.by.includes('G') && !after.suspended.includes('G');
}

/**
 * Whether notaries signed what was not there, more than half of the peers deny what is, or peers contradict each other.
 */
function isLie(deed: Deed, { early }: Accusation): boolean {
  if (deed.do === 'contradict') return deed.by === 'two contents';
  return deed.do === 'deny' && (deed.lie === true ? deed.by === 'GMC' : among(deed.of, early) === deed.of);
}

/**
 * One way to each kind of deed and outcome, or to the first property that is broken, of a mistake to the one that it is
 * listed with.
 */
export function exploreAccusations(error?: AccusationError): {
  readonly states: number;
  readonly covering: ReadonlyMap<string, readonly Deed[]>;
  readonly counterexample: { readonly broken: string; readonly trace: readonly Deed[] } | undefined;
} {
  const seen = new Set([JSON.stringify(innocence)]);
  const covering = new Map<string, readonly Deed[]>();
  let level: ReadonlyArray<readonly [Accusation, readonly Deed[]]> = [[innocence, []]];
  while (level.length > 0) {
    const next: Array<readonly [Accusation, readonly Deed[]]> = [];
    for (const [state, before] of level) {
      for (const deed of deedsIn(state)) {
        const trace = [...before, deed];
        const found = judge(state, deed, error);
        const broken = brokenByDeed(state, deed, found);
        if (broken !== '' && (error === undefined || broken === accusationErrors[error]))
          return { states: seen.size, covering, counterexample: { broken, trace } };
        const kind = `${JSON.stringify(deed)}: ${found.outcome}`;
        if (!covering.has(kind)) covering.set(kind, trace);
        const text = JSON.stringify(found.after);
        if (!seen.has(text)) next.push([found.after, trace]);
        seen.add(text);
      }
    }
    level = next;
  }
  return { states: seen.size, covering, counterexample: undefined };
}
