import { type NavigateOptions, useNavigate, useSearchParams } from 'react-router-dom'
import { rebased } from '../lib/search-params.ts'

type SetParams = (changed: URLSearchParams, options?: NavigateOptions) => void

/**
 * The parameters of the address, and what changes them. As the router's own, but that two changes in quick succession
 * both hold: the second is not made of parameters from before the first.
 */
export function useAddressParams(): readonly [URLSearchParams, SetParams] {
  const [params] = useSearchParams()
  const navigate = useNavigate()
  const setParams: SetParams = (changed, options) =>
    void navigate(`?${rebased(params, changed, new URLSearchParams(window.location.search))}`, options)
  return [params, setParams]
}
