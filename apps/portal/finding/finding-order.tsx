import { createContext, useContext, useEffect, useMemo, useState } from 'react'

interface FindingOrder {
  /** Finding ids as the list on the page has them; empty on a page without one. */
  readonly ids: readonly string[]
  readonly offer: (ids: readonly string[]) => void
}

const Context = createContext<FindingOrder>({ ids: [], offer: () => {} })
const none: readonly string[] = []

/** Lets the pane go to the next finding in the order of whichever list is on the page. */
export function FindingOrderProvider({ children }: { children: React.ReactNode }) {
  const [ids, offer] = useState(none)
  const order = useMemo(() => ({ ids, offer }), [ids])
  return <Context value={order}>{children}</Context>
}

export const useFindingOrder = (): readonly string[] => useContext(Context).ids

/** Offers a list's order while the list is shown. `ids` must keep its identity while it is the same list. */
export function useOfferFindingOrder(ids: readonly string[]): void {
  const { offer } = useContext(Context)
  useEffect(() => {
    offer(ids)
    return () => offer(none)
  }, [ids, offer])
}
