/** How long ago a time was, as kubectl writes it: "45s", "3m20s", "25m", "5h30m", "2d4h". */
export const ageText = (time: string | undefined, nowMs: number): string => {
  const seconds = Math.max(0, Math.floor((nowMs - Date.parse(time ?? '')) / 1000));
  if (Number.isNaN(seconds)) return '<unknown>';
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  if (seconds < 120) return `${seconds}s`;
  if (minutes < 10) return `${minutes}m${rest(seconds % 60, 's')}`;
  if (hours < 3) return `${minutes}m`;
  if (hours < 8) return `${hours}h${rest(minutes % 60, 'm')}`;
  if (hours < 48) return `${hours}h`;
  return days < 8 ? `${days}d${rest(hours % 24, 'h')}` : `${days}d`;
};

const rest = (count: number, unit: string): string => (count === 0 ? '' : `${count}${unit}`);
