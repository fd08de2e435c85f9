/** What scans are for, as the URL says it: what somebody waits for, and background work. */
export type Lane = 'asked' | 'background'

export const laneText: Readonly<Record<Lane, string>> = {
  asked: 'Asked for or pushed',
  background: 'Background',
}

export const isLane = (text: string | null): text is Lane => text !== null && Object.hasOwn(laneText, text)

/** As the API numbers them. */
export const laneNumber = (lane: Lane | undefined): number | undefined =>
  lane === undefined ? undefined : lane === 'asked' ? 0 : 1

/** Whose scans are shown, whatever their state. */
export interface Chosen {
  readonly registryId: string | undefined
  readonly lane: Lane | undefined
}
