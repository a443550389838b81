export const plotOf = () => '';
