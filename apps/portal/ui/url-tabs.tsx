import Tab from '@mui/material/Tab'
import Tabs from '@mui/material/Tabs'
import { useAddressParams } from '../app/address-params.ts'
import { count } from '../lib/quantity.ts'
import { withParam } from '../lib/search-params.ts'

export interface TabChoice<Id extends string> {
  readonly id: Id
  readonly label: string
  readonly total?: number | undefined
}

interface UrlTabsProps<Id extends string> {
  readonly param: string
  readonly label: string
  readonly tabs: readonly [TabChoice<Id>, ...TabChoice<Id>[]]
  /** Parameters that belong to one tab's list and mean nothing in another. */
  readonly drops?: readonly string[]
  readonly children: (tab: Id) => React.ReactNode
}

/** Tabs whose choice is in the URL; the first one is the default and is left out of it. */
export function UrlTabs<Id extends string>({ param, label, tabs, drops = [], children }: UrlTabsProps<Id>) {
  const [params, setParams] = useAddressParams()
  const asked = params.get(param)
  const chosen = tabs.find(tab => tab.id === asked)?.id ?? tabs[0].id
  const choose = (id: Id) =>
    setParams(withParam(params, param, id === tabs[0].id ? null : id), { preventScrollReset: true, drops })
  return (
    <>
      <Tabs
        value={chosen}
        onChange={(_, id: Id) => choose(id)}
        aria-label={label}
        variant="scrollable"
        scrollButtons={false}
      >
        {tabs.map(tab => (
          <Tab
            key={tab.id}
            value={tab.id}
            id={`${param}-tab-${tab.id}`}
            aria-controls={`${param}-panel`}
            label={tab.total === undefined ? tab.label : `${tab.label} (${count(tab.total)})`}
          />
        ))}
      </Tabs>
      <div
        role="tabpanel"
        id={`${param}-panel`}
        aria-labelledby={`${param}-tab-${chosen}`}
        style={{ paddingTop: 8 }}
      >
        {children(chosen)}
      </div>
    </>
  )
}
