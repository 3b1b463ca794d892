/** Colours of the console, light and dark each designed: one accent, neutral greys, tones that pass AA on their ground. */
export interface Tokens {
  readonly ground: string;
  readonly paper: string;
  readonly raised: string;
  readonly line: string;
  readonly lineStrong: string;
  readonly text: string;
  readonly quiet: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly accentSoft: string;
  readonly good: string;
  readonly goodSoft: string;
  readonly warning: string;
  readonly warningSoft: string;
  readonly bad: string;
  readonly badSoft: string;
  readonly neutral: string;
  readonly neutralSoft: string;
}

export const LIGHT: Tokens = {
  ground: '#f6f7f9',
  paper: '#ffffff',
  raised: '#ffffff',
  line: '#e4e7ec',
  lineStrong: '#8a92a0',
  text: '#161b24',
  quiet: '#565f6e',
  accent: '#3d4fd0',
  onAccent: '#ffffff',
  accentSoft: '#eceefb',
  good: '#16693c',
  goodSoft: '#e2f4e9',
  warning: '#8a4b00',
  warningSoft: '#fdf0d9',
  bad: '#b3261e',
  badSoft: '#fdeae8',
  neutral: '#4a5260',
  neutralSoft: '#edeff2',
};

export const DARK: Tokens = {
  ground: '#0f1217',
  paper: '#161a21',
  raised: '#1c2129',
  line: '#282e38',
  lineStrong: '#6d7685',
  text: '#e7eaf0',
  quiet: '#a0a9b8',
  accent: '#9aa6ff',
  onAccent: '#11152b',
  accentSoft: '#232a4d',
  good: '#7bd3a0',
  goodSoft: '#15311f',
  warning: '#f3bd6c',
  warningSoft: '#38290f',
  bad: '#ff9c92',
  badSoft: '#40191a',
  neutral: '#b6becb',
  neutralSoft: '#262c36',
};
