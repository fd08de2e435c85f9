// oxlint-disable-next-line no-restricted-imports -- the scope is one of the parameters, and stays as the address has it
import { type NavigateOptions, useNavigate, useSearchParams } from 'react-router-dom'
import { rebased, withParam } from '../lib/search-params.ts'

interface Options extends NavigateOptions {
  /** Parameters that are not to be there afterwards, whatever the address has by now. */
  readonly drops?: readonly string[]
}

type SetParams = (changed: URLSearchParams, options?: Options) => void

/**
 * The parameters of the address, and what changes them. As the router's own, but that two changes in quick succession
 * both hold: the second is not made of parameters from before the first.
 */
export function useAddressParams(): readonly [URLSearchParams, SetParams] {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const setParams: SetParams = (changed, { drops = [], ...options } = {}) => {
    const next = rebased(params, changed, new URLSearchParams(window.location.search))
    void navigate(`?${drops.reduce((rest, name) => withParam(rest, name, null), next)}`, options)
  }
  return [params, setParams]
}
