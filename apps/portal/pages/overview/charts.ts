/** Both charts in one, for they share what makes them large. */
export { SeverityChart } from './severity-chart.tsx'
export { TrendChart } from './trend-chart.tsx'
