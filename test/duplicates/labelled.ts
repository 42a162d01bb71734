/** A name as it stands in the two fields. */
export interface Written {
  readonly firstname: string
  readonly lastname: string
}

export interface Pair {
  readonly what: string
  readonly one: Written
  readonly other: Written
}

/** `First|Last = First|Last`, one pair a line, under headings that end in a colon. */
function pairs(text: string): Pair[] {
  let what = ''
  return text
    .trim()
    .split('\n')
    .flatMap((line) => {
      const [one, other] = line.split('=').map(written)
      if (line.trim().endsWith(':')) what = line.trim().slice(0, -1)
      return one === undefined || other === undefined ? [] : [{ what, one, other }]
    })
}

function written(name: string): Written {
  const [firstname = '', lastname = ''] = name.split('|').map((field) => field.trim())
  return { firstname, lastname }
}

/** Names of two people who share a mailbox. */
export const twoPeople = pairs(`
  sisters and brothers:
    Ellie|Bramcombe = Allie|Bramcombe
    Bramcombe|Ellie = Bramcombe|Allie
    Tobiloba|Ojo = Tomiloba|Ojo
    Ojo|Tobiloba = Ojo|Tomiloba
    Jon|Obi = Joan|Obi
    Oluwatobi Ade|Ajayi = Oluwatoni Ade|Ajayi
    Ana Maria|Silva = Ana Paula|Silva
    Ana|Silva = Ana Sofia Inês|Silva
    Chinonso|Eze = Chinaza|Eze
    Amina|Bello = Aminu|Bello
    Wanjiru|Kamau = Wanjiku|Kamau
    Selam|Haile = Selamawit|Haile
    ሰላም|ኃይሌ = ሰላማዊት|ኃይሌ
    Дарья|Смирнова = Марья|Смирнова
    Ελένη|Παππά = Ελένα|Παππά
    سلمى|حسن = سلوى|حسن
    佐藤|美咲 = 佐藤|美月
    小明|王 = 小红|王
    지훈|김 = 지훈이|김
    राम|सिंह = रमा|सिंह
    Thảo|Nguyễn = Thanh|Nguyễn
    Jānis|Bērziņš = Jāne|Bērziņš
    Marie Claire|Diop = Marie Louise|Diop
    John Paul|Mensah = John Peter|Mensah
  twins:
    Taiwo|Ajayi = Kehinde|Ajayi
    Hassan|Bello = Hassana|Bello
    Bello|Hassan = Bello|Hassana
    Atta Panyin|Owusu = Atta Kakra|Owusu
    Opio|Okello = Ocen|Okello
    Jayden|Cole = Kayden|Cole
    Cole|Jayden = Cole|Kayden
  couples:
    Emeka|Obi = Ngozi|Obi
    José|García = María José|García
    John|Smith = Mrs John|Smith
    Smith|John = Smith|Mrs John
    Mr Ada|Obi = Mrs Ada|Obi
    Mr Ada|Obi = Ada|Obi Mrs
    John|Smith = John & Mary|Smith
    John|Smith = John/Mary|Smith
    John|Smith = John and Mary|Smith
    Juan|Silva = Juan y María|Silva
    Hans|Weber = Herr und Frau Hans|Weber
    Иван|Коваль = Мария|Коваль
  other endings:
    Саша|Ковалев = Саша|Ковалева
    Ковалев|Саша = Ковалева|Саша
    Женя|Достоевский = Женя|Достоевская
    السيد|أمين = السيد|أمينة
    نور|السيد أمين = نور|السيدة أمينة
    Άλεξ|Παπαδόπουλος = Άλεξ|Παπαδοπούλου
    Άλεξ|Παππάς = Άλεξ|Παππά
    Kim|Bērziņš = Kim|Bērziņa
    Sasha|Novák = Sasha|Nováková
    Alex|Kowalski = Alex|Kowalska
    Kim|Jónsson = Kim|Jónsdóttir
    Saša|Petraitis = Saša|Petraitienė
    Mario|Silva = Maria|Silva
    Silva|Mario = Silva|Maria
    Daniel|Eze = Daniela|Eze
    Paul|Obi = Paula|Obi
    André|Diop = Andrée|Diop
    Juan A|Silva = Juana|Silva
    Daniel A.|Eze = Daniela|Eze
    Mari N|Silva = Marin|Silva
    Kim Kovalev|A = Kim|Kovaleva
  parents and children:
    John|Smith = John|Smith Jr
    John|Smith Sr. = John|Smith Jr.
    John Jr|Smith = John|Smith
    Smith|John Jr = Smith|John
    John|Smith II = John|Smith III
    John|Smith = John|Smith 2nd
    John|Smith = John|Smith Ⅱ
    João|Silva = João|Silva Filho
    José|Souza Neto = José|Souza
    Jean|Dupont fils = Jean|Dupont
    Hans|Weber = Hans|Weber jun.
    Иван|Коваль = Иван|Коваль мл.
    Иван|Коваль = Иван|Коваль ІІ
    أحمد|حسن = أحمد|حسن الابن
    太郎|高橋 = 太郎|高橋 二世
    J R Smith|Obi = Smith|Obi Jr
    Hassan|Ali = Ahmed|Hassan Ali
    Ahmed|Hassan Ali = Hassan|Ali
    Ali|Ahmed Hassan = Hassan|Ali
    García|María José = José|García
    Kebede|Alemu = Abebe|Kebede Alemu
    ከበደ|አለሙ = አበበ|ከበደ አለሙ
    حسن|علي = أحمد|حسن علي
    Ali|Hassan = Ali|Ali Hassan
    محمد|علي = محمد|محمد علي
    Ana Maria|Silva = Maria|Silva
    Jean-Pierre|Dupont = Pierre|Dupont
    Ada|Obi 1 = Ada|Obi 2
    Ada|Obi = Ada|Obi 2
  initials and short names:
    J|Smith = John|Smith
    J|Smith = J|Smith
    John A|Smith = John|Smith
    John A|Smith = John B|Smith
    Robert|Smith = Bob|Smith
    Emeka|Obi = Chukwuemeka|Obi
    Babatunde|Ajayi = Tunde|Ajayi
    A. B.|Obi = A. B.|Obi
    А|Коваль = Анна|Коваль
    أ|حسن = أحمد|حسن
    አ|ኃይሌ = አበበ|ኃይሌ
  housemates and colleagues:
    Emeka|Okafor = Tunde|Ajayi
    Ada|Okafor = Ada|Ajayi
    Аda|Obi = Ada|Obi
    Ada|Obi = Адa|Obi
    Maria Sol|Cruz = Marisol|Santos
    Ada|Chidi = Ada|Obi
  too little to go by:
    Ada| = Ada|
    |Obi = |Obi
    | = |
    Ada|Ada = Ada|Ada
    Ada|ADA = Ada|
    Ada|Ada = Ada|Obi
    Mr|Obi = Mr|Obi
    John|Jr = John|Jr
    Ada|1 = Ada|1
    Adaobi| = Ada|Obi
    王小明| = 王小明|
    ...|Obi = ---|Obi
    ???|Obi = ???|Obi
    ♥|Ada = ★|Ada
    M\ufffdria|Silva Obi = M\ufffdria|Silva Obi
    \ud800Ada|Obi = \ud800Ada|Obi
    Ada|Obi \ue000 = Ada|Obi \ue000
`)

/** One person's name, written twice. */
export const onePerson = pairs(`
  the same:
    Ada|Obi = Ada|Obi
    美咲|佐藤 = 美咲|佐藤
    김|지훈 = 김|지훈
    राम|सिंह = राम|सिंह
    Amit|Sen = Amit|Sen
    José|Neto = José|Neto
    Prince|Mensah = Prince|Mensah
    Ben|Carter = Ben|Carter
    John|Smith Jr = John|Smith Jr
    Mr Ada|Obi = Mr Ada|Obi
    John A|Smith = John A|Smith
    John & Mary|Smith = John & Mary|Smith
    John & Mary|Smith = John + Mary|Smith
    السيد|أمين = السيد|أمين
  case:
    Ada|Obi = ADA|obi
    Саша|Ковалев = САША|КОВАЛЕВ
    Άλεξ|Παπαδόπουλος = ΑΛΕΞ|ΠΑΠΑΔΟΠΟΥΛΟΣ
    Işıl|İnan = IŞIL|inan
    ﬁona|Ⅴale = Fiona|VALE
  marks:
    Adébáyọ̀|Ọláníyan = Adebayo|Olaniyan
    Kim|Bērziņš = Kim|Berzins
    Łukasz|Żółkiewski = Lukasz|Zolkiewski
    Nguyễn|Thị Thảo = Nguyen|Thi Thao
    أحمد|المصري = احمد|المصرى
    مُحَمَّد|حسن = محمد|حسن
    Семён|Королёв = Семен|Королев
    Ｅmeka|Ｏbi = Emeka|Obi
    Jose\u0301|Núñez = José|Nun\u0303ez
    渡邉\u{e0100}|葵 = 渡邉|葵
    דָּוִד|כֹּהֵן = דוד|כהן
  order and fields:
    Emeka|Obi = Obi|Emeka
    Emeka|Obi = Emeka Obi|
    Emeka|Obi = |Obi Emeka
    John Michael|Doe = John|Michael Doe
    Doe|John Michael = John|Michael Doe
    ሰላም|ኃይሌ = ኃይሌ|ሰላም
    小明|王 = 王|小明
    佐藤|美咲 = 美咲|佐藤
    محمد|حسن = حسن|محمد
  spaces and signs:
    Mary Jane|Obi = Maryjane|Obi
    Mary-Jane|Obi = Mary Jane|Obi
    Mary Jane|Van Dyk = Vandyk|Maryjane
    Pieter|van der Merwe = Pieter|Vandermerwe
    Pieter|van der Merwe = VAN DER-MERWE|Pieter
    Aminata|N’Diaye = Aminata|Ndiaye
    Aminata|N'Diaye = Aminata|N Diaye
    Conor|O'Brien = Conor|OBrien
    Conor|O´Brien = Conor|O Brien
    Ada|Obi. = "Ada",|Obi
    Obi, Ada| = Ada|Obi
    Ada\u200bObi| = Ada|Obi
    A\u00adda|O\u200dbi = Ada|Obi
    \u202bمحمد‌رضا\u202c|حسن = محمد رضا|حسن
    Ada|Obi ❤\ufe0f = Ada|Obi
    ʿAli|Hasan = Ali|Hasan
    Min Ji|Kim = Minji|Kim
    Μαρία-Ελένη|Παππά = ΜΑΡΙΑ ΕΛΕΝΗ|ΠΑΠΠΑ
    ΓΙΑΝΝΗΣ ΜΑΡΙΟΣ|ΠΑΠΠΑΣ = ΓΙΑΝΝΗΣΜΑΡΙΟΣ|ΠΑΠΠΑΣ
  a word that is missing:
    Ada Ngozi|Obi = Ada|Obi
    Ada Ngozi|Obi = Obi|Ada
    Obi|Ada Ngozi = Ada|Obi
    John|Michael Doe = John|Doe
    María|García López = María|García
    Ahmed|Hassan Ali = Ahmed|Hassan
    Mary Jane Ngozi|Obi = Maryjane|Obi
    Анна Петровна|Коваль = Анна|Коваль
    አበበ ከበደ|አለሙ = አበበ|አለሙ
`)
