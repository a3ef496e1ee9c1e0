/** Names that sound like those of the people around a harbour town's clinic. Nobody in particular bears them. */
import type { Random } from './random';

export interface Nation {
  language: string;
  women: readonly string[];
  men: readonly string[];
  /** `Novák/Nováková` where a woman's name differs; Polish -ski and -cki change by themselves. */
  families: readonly string[];
}

function nation(language: string, women: string, men: string, families: string): Nation {
  return {
    language,
    women: women.split(' '),
    men: men.split(' '),
    families: families.split(' ').map((name) => name.replaceAll('_', ' ')),
  };
}

export const nations = {
  polish: nation(
    'pl',
    'Anna Katarzyna Małgorzata Agnieszka Barbara Ewa Krystyna Magdalena Elżbieta Joanna Zofia Teresa Monika Danuta Natalia Karolina Marta Julia Alicja Hanna Maja Lena Zuzanna Oliwia Halina Irena Justyna Dorota Beata Iwona',
    'Piotr Krzysztof Andrzej Tomasz Paweł Jan Michał Marcin Jakub Adam Łukasz Stanisław Marek Grzegorz Mateusz Wojciech Mariusz Dariusz Zbigniew Maciej Rafał Robert Kamil Jacek Szymon Filip Antoni Franciszek Kacper Ignacy',
    'Kowalski Wiśniewski Wójcik Kowalczyk Kamiński Lewandowski Zieliński Szymański Woźniak Dąbrowski Kozłowski Jankowski Mazur Wojciechowski Kwiatkowski Krawczyk Kaczmarek Piotrowski Grabowski Zając Pawłowski Michalski Król Wieczorek Jabłoński Wróbel Nowakowski Majewski Olszewski Stępień Malinowski Jaworski Adamczyk Dudek Nowicki Pawlak Górski Witkowski Walczak Sikora Baran Rutkowski Michalak Szewczyk Ostrowski Tomaszewski Pietrzak Duda Zalewski Wróblewski Jasiński Marciniak Sadowski Bąk Zawadzki Jakubowski Wilk Chmielewski Borkowski Włodarczyk Sokołowski Szczepański Sawicki Kubiak Lis Maciejewski Kucharski Kalinowski Wysocki Mazurek Czarnecki Kołodziej Cieślak Błaszczyk Andrzejewski Gajewski Sobczak Głowacki Brzeziński Laskowski',
  ),
  english: nation(
    'en',
    'Olivia Amelia Emily Charlotte Sophie Grace Ruby Alice Lucy Eleanor Hannah Rebecca Joan Margaret Susan Claire Rachel Laura Helen Victoria',
    'Oliver George Harry Jack Thomas William James Henry Daniel Samuel Peter Andrew Simon Martin Edward Noel Graham Callum Lewis Stephen',
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Clarke Baker Hughes Turner Parker Cooper Morris Ward Foster Chapman Palmer Hunt Shaw Gibson Marsh Barker O'Connor",
  ),
  ukrainian: nation(
    'uk',
    'Oksana Olena Iryna Kateryna Nataliia Sofiia Mariia Yuliia Tetiana Daryna',
    'Oleksandr Andrii Dmytro Ivan Mykola Serhii Taras Bohdan Yurii Maksym',
    'Shevchenko Kovalenko Bondarenko Tkachenko Kravchenko Oliinyk Shevchuk Polishchuk Lysenko Marchenko Savchenko Rudenko Melnyk Boiko Moroz',
  ),
  german: nation(
    'de',
    'Lotte Petra Sabine Heike Greta Johanna Mia Ruth Karin Ingrid Annika Franziska',
    'Lukas Jonas Karl Kurt Felix Jürgen Stefan Matthias Ben Tobias Uwe Florian',
    'Müller Schmidt Schneider Fischer Meyer Wagner Becker Schulz Hoffmann Koch Richter Klein Wolf Schröder Neumann Schwarz Krause Lang Vogel Brandt Keller Hahn Stein Bauer',
  ),
  portuguese: nation(
    'pt',
    'Sara Inês Beatriz Mariana Catarina Leonor Marta Joana',
    'João Rui Tiago Pedro Miguel Nuno Luís Duarte',
    'Ferreira Santos Almeida Costa Pereira Carvalho Sousa Lopes Ribeiro Gomes Marques Teixeira',
  ),
  arabic: nation(
    'ar',
    'Leila Noor Aisha Fatima Yasmin Salma Rania Huda',
    'Omar Ahmed Yusuf Hassan Karim Tariq Khalid Samir',
    'Haddad Malik Hussain Mansour Khoury Abadi Nasser Saleh Farouk Rahal Aziz Darwish',
  ),
  japanese: nation(
    'ja',
    'Yuki Hana Aiko Sakura Naomi Keiko Mei Emi',
    'Haruto Ren Takumi Kenta Daichi Shun Hiroshi Kaito',
    'Sato Suzuki Takahashi Ito Yamamoto Nakamura Kobayashi Mori Kato Yoshida',
  ),
  indian: nation(
    'en',
    'Priya Ananya Riya Meera Kavya Divya Nisha Sunita',
    'Arjun Rohan Vikram Sanjay Rahul Aarav Nikhil Imran',
    'Patel Sharma Gupta Nair Iyer Reddy Khan Mehta Desai Kapoor Chatterjee Joshi',
  ),
  nigerian: nation(
    'en',
    'Tola Ngozi Amara Chioma Folake Zainab',
    'Emeka Tunde Ifeanyi Kelechi Segun Musa',
    'Adeyemi Okonkwo Balogun Eze Adebayo Ibrahim Nwosu Mbeki Danjuma',
  ),
  italian: nation(
    'it',
    'Giulia Pia Chiara Sofia Elena Bianca',
    'Marco Luca Paolo Matteo Andrea Enzo',
    'Rossi Ricci Greco Bianchi Romano Conti Ferrari Moretti Colombo',
  ),
  french: nation(
    'fr',
    'Zoé Camille Manon Cléo Élodie Margaux',
    'Louis Hugo Théo Guy Antoine Mathis',
    'Moreau Laurent Blanc Fontaine Girard Baptiste Mercier Lefèvre Rousseau',
  ),
  turkish: nation(
    'tr',
    'Elif Zeynep Deniz Ayşe Defne',
    'Mehmet Emre Burak Can Kerem',
    'Yılmaz Demir Kaya Öztürk Çelik Şahin Arslan',
  ),
  vietnamese: nation(
    'vi',
    'Linh Mai Lan Thu Hoa',
    'Minh Duc Quang Tuan Long',
    'Nguyen Tran Pham Le Hoang Vu',
  ),
  nordic: nation(
    'sv',
    'Maj Astrid Freja Ingrid Eva Saga',
    'Nils Per Lars Elias Bo Anders',
    'Andersson Eriksen Sørensen Nilsson Lindgren Berg Lund Jensen Virtanen Olsen Larsen',
  ),
  czech: nation(
    'cs',
    'Jana Eliška Tereza Lucie Veronika',
    'Tomáš Petr Jakub Ondřej Vojtěch',
    'Novák/Nováková Svoboda/Svobodová Dvořák/Dvořáková Horák/Horáková Černý/Černá Veselý/Veselá',
  ),
  spanish: nation(
    'es',
    'Inés Lucía Carmen Ana Elena',
    'Luis Ramón Javier Diego Pablo',
    'Ortega Vega Diaz Rojas García Serrano Molina',
  ),
  chinese: nation('zh', 'Wei Xiu Lihua Jing Yan', 'Jun Hao Feng Tao Lei', 'Chen Wang Zhang Liu Yang Huang'),
  irish: nation(
    'en',
    'Aoife Niamh Ciara Orla Sinéad',
    'Liam Conor Eoin Declan Cian',
    "Murphy Kelly Byrne Walsh O'Brien Gallagher Doyle",
  ),
  hungarian: nation(
    'hu',
    'Zsófia Réka Eszter Ilona Kata',
    'Bálint Gergő László Áron Máté',
    'Tóth Nagy Kovács Szabó Horváth Varga',
  ),
  greek: nation('el', 'Eleni Maria Katerina', 'Nikos Giorgos Yannis', 'Papadaki Nikolaou Georgiou'),
} satisfies Record<string, Nation>;

export const warsawNations: readonly (readonly [Nation, number])[] = [
  [nations.polish, 58],
  [nations.ukrainian, 9],
  [nations.german, 5],
  [nations.english, 4],
  [nations.portuguese, 3],
  [nations.czech, 3],
  [nations.arabic, 3],
  [nations.italian, 2],
  [nations.french, 2],
  [nations.nordic, 2],
  [nations.turkish, 2],
  [nations.vietnamese, 2],
  [nations.japanese, 2],
  [nations.hungarian, 2],
  [nations.spanish, 1],
];

export const londonNations: readonly (readonly [Nation, number])[] = [
  [nations.english, 48],
  [nations.indian, 12],
  [nations.nigerian, 8],
  [nations.irish, 6],
  [nations.polish, 6],
  [nations.arabic, 4],
  [nations.portuguese, 3],
  [nations.chinese, 3],
  [nations.japanese, 2],
  [nations.french, 2],
  [nations.greek, 2],
  [nations.spanish, 2],
  [nations.turkish, 2],
];

export function familyName(family: string, woman: boolean): string {
  const [his, hers] = family.split('/') as [string, string | undefined];
  if (!woman) return his;
  return hers ?? his.replace(/(s|c|dz)ki$/, '$1ka');
}

export function givenName(of: Nation, woman: boolean, random: Random): string {
  return random.pick(woman ? of.women : of.men);
}

const plainLetters: Readonly<Record<string, string>> = { ł: 'l', ø: 'o', ß: 'ss', æ: 'ae', đ: 'd', ı: 'i' };

/** Small ASCII letters only, for e-mail addresses and slugs: `Łukasz O'Connor` is `lukasz-oconnor`. */
export function asciiName(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[łøßæđı]/g, (letter) => plainLetters[letter] ?? '')
    .replace(/'/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}
