/** The first and last names of people who speak alike. */
interface Community {
  readonly first: readonly string[]
  readonly last: readonly string[]
}

/** Who a customer is, as typed at checkout. */
export interface Person {
  readonly firstname: string
  readonly lastname: string
  readonly email: string
}

/**
 * The names of the sandbox's first shop. A name in another script has its Latin
 * form, for the e-mail address, after a `=`; a `_` is a space within a name.
 * Last names appear in one community only: two people of one name are then always one of the planned repeats.
 */
export const communities = {
  igbo: {
    first: words(
      `Chidi Ngozi Emeka Adaeze Obinna Chiamaka Ifeanyi Nneka Kelechi Amarachi Uchenna Ebele Chukwuemeka`,
    ),
    last: words(`Okafor Eze Nwosu Okonkwo Obi Nnamdi Chukwu Onyeka Umeh Ezeigbo Anyanwu Madu`),
  },
  yoruba: {
    first: words(
      `Olúwaṣeun Fọlákẹ́ Adébáyọ̀ Tèmítọ́pẹ́ Kọ́láwọlé Yétúndé Babátúndé Bísí Ayọ̀délé Mojísọ́lá Tunde Simi Wálé`,
    ),
    last: words(`Adéyemí Ọláníyan Ògúnbíyì Akíndélé Bákàrè Fáṣọlá Oyèlárán Adésínà Ajayi Balogun`),
  },
  hausa: {
    first: words(`Aminu Hauwa Musa Zainab Sani Aisha Ibrahim Maryam Yakubu Rabi Umar`),
    last: words(`Bello Danjuma Garba Lawal Shehu Tanko Abubakar Dogo`),
  },
  ghanaian: {
    first: words(`Kwame Akosua Kofi Abena Kwaku Ama Yaw Efua Kojo Adwoa Nana Esi Kɔbina`),
    last: words(`Mensah Owusu Asante Boateng Osei Agyeman Appiah Ɔpoku Quaye Darko`),
  },
  kenyan: {
    first: words(`Wanjiru Otieno Achieng Kamau Njeri Kipchoge Wambui Mwangi Akinyi Barasa Chebet`),
    last: words(`Kariuki Odhiambo Wafula Mutua Kiprotich Ndung’u Ouma Njoroge Cheruiyot`),
  },
  ethiopian: {
    first: words(`Yohannes Meseret Bekele Hirut Tadesse Genet`),
    last: words(`Haile Gebremariam Worku Alemu Desta Mekonnen`),
  },
  amharic: {
    first: words(`አበበ=abebe ሰላም=selam ትዕግስት=tigist ዳዊት=dawit ሄለን=helen`),
    last: words(`በቀለ=bekele ተስፋዬ=tesfaye ወልደማርያም=woldemariam ታደሰ=tadesse`),
  },
  southAfrican: {
    first: words(`Thandiwe Sipho Lerato Nomvula Bongani Zanele Pieter Mpho Annelize Siyabonga Johannes`),
    last: words(`Dlamini Nkosi Mokoena van_der_Merwe Botha Ndlovu Khumalo Zulu du_Plessis Naidoo`),
  },
  francophone: {
    first: words(
      `Aïssatou Mamadou Fatou Ousmane Aminata Cheikh Khadidiatou Élodie Moussa Mariama Jean-Baptiste`,
    ),
    last: words(`N’Diaye Diop Sarr Fall Traoré Cissé Koné Bâ Ouédraogo Gueye`),
  },
  egyptian: {
    first: words(
      `محمد=mohamed فاطمة=fatma أحمد=ahmed مريم=mariam يوسف=youssef نورهان=nourhan كريم=karim ياسمين=yasmine عمر=omar سلمى=salma هدى=hoda`,
    ),
    last: words(
      `السيد=elsayed حسن=hassan عبد_الرحمن=abdelrahman المصري=elmasry منصور=mansour الشناوي=elshenawy`,
    ),
  },
  japanese: {
    first: words(`美咲=misaki さくら=sakura 陽翔=haruto 健太=kenta 葵=aoi`),
    last: words(`佐藤=sato 渡邉=watanabe 高橋=takahashi 鈴木=suzuki`),
  },
  irish: {
    first: words(`Siobhán Aoife Seán Niamh Conor`),
    last: words(`O'Brien Ó_Súilleabháin Mac_Giolla_Phádraig Kelly-O'Hara`),
  },
  iberian: {
    first: words(`José Ana-María João Inês Begoña`),
    last: words(`García Muñoz_Ibáñez Gonçalves Conceição`),
  },
} as const satisfies Record<string, Community>

export type CommunityName = keyof typeof communities

/** How many of 25 people come from each community. */
export const shares: readonly (readonly [CommunityName, number])[] = [
  ['igbo', 4],
  ['yoruba', 3],
  ['ghanaian', 3],
  ['hausa', 2],
  ['kenyan', 2],
  ['francophone', 2],
  ['southAfrican', 2],
  ['egyptian', 2],
  ['ethiopian', 1],
  ['amharic', 1],
  ['japanese', 1],
  ['irish', 1],
  ['iberian', 1],
]

/** People whom a program is likely to get wrong: slot in the block of 250, first name, last name, address before the `@`. */
export const oddPeople: ReadonlyMap<number, readonly [first: string, last: string, local: string]> = new Map([
  [5, ['Дмитрий', 'Иванов', 'dmitri.ivanov']],
  [7, ['X', 'Æ', 'x.ae']],
  [21, ['Amara 🌸', 'Okoye', 'amara.okoye.flowers']],
  [30, ['秀英', '陈', 'xiuying.chen']],
  [38, ['נועה', 'כהן', 'noa.cohen']],
  [53, ['Null', 'Undefined', 'null']],
  [
    66,
    [
      'Oluwadamilọlá-Ọ̀nàọlápọ̀ Adétòkunbọ̀',
      'Akinwándé-Fátókun Ọmọ́tọ́lá-Adékúnbi',
      'damilola.akinwande-fatokun.omotola-adekunbi',
    ],
  ],
  [77, ['Jürgen', 'Müller-Lüdenscheidt', 'juergen.mueller']],
  [84, ['田', '李', 't.li']],
  [97, ['Rakotomalala', 'Andrianampoinimerinatompokoindrindra', 'andrianampoinimerina']],
  [104, ['Ελένη', 'Παπαδοπούλου', 'eleni.papadopoulou']],
  [112, ["D'Arcy", "M'Bengue-O'Neill", 'darcy.mbengue-oneill']],
  [131, ['😀😀', '🦄', 'smile']],
  [142, ['지훈', '김', 'jihun.kim']],
  [149, ['O', 'Ng', 'o.ng']],
  [163, ['=SUM(A1:A9)', '+Store', 'sum']],
  [174, ['Łukasz', 'Żółkiewski', 'lukasz.zolkiewski']],
  [178, ['فرح Farah', 'Al-حداد', 'farah.alhaddad']],
  [196, ['Mary Jane, "MJ"', 'Wairimu; Ltd', 'mj.wairimu']],
  [205, ['Thị Linh', 'Nguyễn', 'nguyen.linh']],
  [214, ['  Grace', 'Achieng’  ', 'grace.achieng.shop']],
  [230, ['Søren', 'Bjørnsdóttir', 'soren.b']],
  [233, ['𝓓𝓪𝓷𝓽𝓮', 'İlıcalı', 'dante.ilicali']],
])

function words(text: string): readonly string[] {
  return text.split(' ')
}
