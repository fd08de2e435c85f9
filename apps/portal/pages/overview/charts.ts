/** All charts in one, for they share what makes them large. */
export { OpenChart } from './open-chart.tsx'
export { SeverityChart } from './severity-chart.tsx'
export { TrendChart } from './trend-chart.tsx'
