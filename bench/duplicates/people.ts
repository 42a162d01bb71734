/** First and last names of generated customers; the sets for tuning and for reporting share few. */
export interface Names {
  readonly first: readonly string[]
  readonly last: readonly string[]
}

export const tuningNames: Names = {
  first: words(`
    James Mary Robert Patricia John Jennifer Michael Linda William Elizabeth David Barbara Richard Susan Joseph Jessica
    Thomas Sarah Charles Karen Daniel Nancy Matthew Lisa Anthony Betty Mark Margaret Paul Sandra Steven Ashley Andrew
    Kimberly Joshua Emily Kenneth Donna Kevin Michelle Brian Carol George Amanda Edward Melissa Ronald Deborah Timothy
    Stephanie Chidi Ngozi Emeka Adaeze Obinna Chiamaka Ifeanyi Nneka Kelechi Amarachi Olúwaṣeun Fọlákẹ́ Adébáyọ̀ Tèmítọ́pẹ́
    Kwame Akosua Kofi Abena Yaw Efua Wanjiru Otieno Achieng Kamau Aminu Hauwa Musa Zainab Aisha Ibrahim Mohammed Fatima
    Aïssatou Mamadou Ousmane Élodie Thandiwe Sipho Lerato Zanele Pieter José María João Inês Søren Łukasz Jürgen Zoë`),
  last: words(`
    Smith Johnson Williams Brown Jones Garcia Miller Davis Rodriguez Martinez Hernandez Lopez Wilson Anderson Taylor Moore
    Jackson Martin Lee Thompson White Harris Clark Lewis Robinson Walker Young Allen King Wright Scott Torres Hill Green
    Adams Nelson Baker Hall Campbell Mitchell Carter Roberts Okafor Eze Nwosu Okonkwo Obi Nnamdi Adéyemí Ọláníyan Akíndélé
    Bello Danjuma Garba Lawal Shehu Mensah Owusu Asante Boateng Osei Kariuki Odhiambo Wafula Mutua Mwangi Haile Dlamini
    Nkosi Mokoena Botha Ndlovu Khumalo N’Diaye Diop Sarr Traoré Cissé Koné Hassan Mansour O'Brien Müller Żółkiewski
    Gonçalves Muñoz Iversen Lindqvist Papadopoulos Kowalczyk Novak Horvat Petrov Ivanov Schneider Fischer Weber Rossi`),
}

export const reportNames: Names = {
  first: words(`
    Oliver Amelia Harry Isla Jack Ava Charlotte Samuel Sophia Benjamin Victoria Christopher Catherine Alexander Rebecca
    Gregory Philippa Nicholas Jacqueline Frederick Josephine Stephen Penelope Leonard Gwendolyn Raymond Beatrice Walter
    Dorothy Eugene Florence Babatunde Folasade Oluwadamilola Opeyemi Chukwuemeka Chinonso Uchenna Ogechukwu Ebuka Nkiruka
    Yakubu Maryam Suleiman Khadija Abubakar Halima Mustapha Yusuf Umar Safiya Kojo Adwoa Kwaku Esi Kipchoge Njeri Barasa
    Wambui Tendai Rudo Tariro Blessing Precious Godwin Comfort Sunday Patience Tesfaye Selam Dawit Hirut Bongani Nomvula
    Siyabonga Annelize Moussa Fatou Cheikh Khadidiatou Guillaume Geneviève Aurélie Benoît Youssef Nourhan Karim Yasmine
    Begoña Íñigo Ximena Joaquín Matthäus Friederike Bjørn Åse Mikołaj Agnieszka Dmitri Svetlana Haruto Misaki Priya Arjun`),
  last: words(`
    Harrington Whitfield Pemberton Ashworth Blackwood Cartwright Davenport Ellsworth Fairbanks Goldsmith Hathaway Kingsley
    Lancaster Montgomery Northcott Osborne Prescott Radcliffe Sinclair Thornton Underwood Vaughan Wakefield Yardley Murphy
    Kelly Byrne Doyle Ryan Chukwu Onyeka Umeh Ezeigbo Anyanwu Madu Balogun Ajayi Bakare Fashola Oyelaran Ogunbiyi Abubakar
    Tanko Dogo Agyeman Appiah Quaye Darko Acheampong Kiprotich Njoroge Ouma Cheruiyot Kimani Gebremariam Worku Alemu
    Mekonnen Zulu Naidoo Pillay Mahlangu Sithole Fall Gueye Ouédraogo Sankara Camara Touré Benali Cherkaoui Elmasry Haddad
    Khoury Nasser Ferreira Carvalho Oliveira Álvarez Domínguez Ibáñez Lefèvre Dubois Moreau Girard Bauer Zimmermann Vogel
    Lindström Bergqvist Nowakowski Wiśniewska Smirnov Kuznetsov Tanaka Watanabe Sharma Patel Chaudhary Iyer Fernando Perera`),
}

/** Names in one language and script. A name in another script is written with its Latin forms: `Иван=Ivan/Iwan`. */
export interface Culture {
  readonly first: readonly string[]
  /** Surnames; `Иванов~Иванова` has a form for men and one for women,
   * and `García_López` two words. */
  readonly last: readonly string[]
  /** Given names of brothers and sisters that are alike, `Дарья~Марья`. */
  readonly siblings: readonly string[]
}

export const tuningCultures: readonly Culture[] = [
  culture(
    `Дмитрий=Dmitry/Dmitri Анна Сергей=Sergey/Sergei Ольга=Olga Иван=Ivan/Iwan Наталья=Natalia/Natalya Алексей=Alexey/Aleksei
     Михаил Николай=Nikolay/Nikolai Татьяна=Tatiana/Tatyana Елена=Elena Павел=Pavel Светлана=Svetlana Владимир=Vladimir
     Марина Кирилл=Kirill Вера Фёдор=Fyodor/Fedor Полина Роман`,
    `Иванов~Иванова Петров~Петрова Сидоров~Сидорова Волков~Волкова Кузьмин~Кузьмина Соловьёв~Соловьёва Морозов~Морозова
     Лебедев~Лебедева Козлов~Козлова Новиков~Новикова Фёдоров~Фёдорова Павлов~Павлова Семёнов~Семёнова Голубев~Голубева
     Виноградов~Виноградова Богданов~Богданова Зайцев~Зайцева Тарасов~Тарасова Белов~Белова Комаров~Комарова`,
    `Дарья=Daria/Darya~Марья=Marya/Maria Алексей=Alexey~Александр=Alexander/Aleksandr Валерий=Valery~Виталий=Vitaly`,
  ),
  culture(
    `محمد=Mohammed/Muhammad فاطمة=Fatima/Fatimah أحمد=Ahmed/Ahmad علي=Ali عائشة=Aisha/Aicha خالد=Khaled/Khalid
     ليلى=Layla/Leila سعيد=Said/Saeed هدى=Huda/Houda محمود=Mahmoud/Mahmud سلمى=Salma فؤاد=Fouad/Fuad رانيا=Rania
     وليد=Walid/Waleed هشام=Hisham/Hicham نادية=Nadia بشير=Bashir/Bachir سناء=Sanaa`,
    `حسن=Hassan منصور=Mansour سالم=Salem القاسم=Alqasim النجار=Alnajjar الخطيب=Alkhatib الحسيني=Alhusseini بكر=Bakr
     العلي=Alali صالح=Saleh زيدان=Zidane عباس=Abbas الهاشمي=Alhashimi مراد=Mourad الصباغ=Alsabbagh`,
    `أمين=Amin~أمينة=Amina حسن=Hassan~حسين=Hussein سمير=Samir~سميرة=Samira`,
  ),
  culture(
    `Γιώργος=Giorgos/Yiorgos Μαρία=Maria Νίκος=Nikos Ελένη=Eleni Δημήτρης=Dimitris Κατερίνα=Katerina Κώστας=Kostas
     Σοφία=Sofia Παναγιώτης=Panagiotis Βασιλική=Vasiliki Θανάσης=Thanasis Αγγελική=Angeliki Σπύρος=Spyros Χρήστος=Christos`,
    `Παπαδόπουλος=Papadopoulos~Παπαδοπούλου=Papadopoulou Νικολάου=Nikolaou Γεωργίου=Georgiou Αντωνίου=Antoniou
     Οικονόμου=Oikonomou Βλάχος=Vlachos~Βλάχου=Vlachou Μακρής=Makris~Μακρή=Makri Δήμας=Dimas Καραγιάννης=Karagiannis`,
    `Γιώργος=Giorgos~Γεωργία=Georgia Άννα=Anna~Ιωάννα=Ioanna`,
  ),
  culture(
    'Jan Petr Eva Lucie Tomáš Kateřina Martin Jakub Ondřej Tereza Lukáš Veronika Zdeněk Markéta Jiří Hana',
    `Novák~Nováková Svoboda~Svobodová Dvořák~Dvořáková Kučera~Kučerová Procházka~Procházková Němec~Němcová Horák~Horáková
     Pospíšil~Pospíšilová Krejčí Beneš~Benešová Urban~Urbanová Sedláček~Sedláčková`,
    'Jan~Jana Petr~Petra Martin~Martina',
  ),
  culture(
    'Ebunoluwa Oluwatobi Oluwaseyi Adeola Adeolu Taiwo Kehinde Omotola Olumide Abiola Ayomide Titilayo Bukola Olufemi',
    'Adeyemi Ogunleye Akinola Adebayo Ogundipe Olatunji Fagbemi Oyedele Adewale Alabi Ojo Salami',
    'Oluwatobi~Oluwatoni Taiwo~Kehinde Adeola~Adeolu',
  ),
  culture(
    'Alejandro Lucía Pablo Carmen Javier Rocío Andrés Marisol Sergio Pilar Rubén Nuria',
    `García_López Martínez_Ruiz Fernández_Gómez Sánchez_Ortega Romero_Vidal Navarro_Gil Molina_Cruz Serrano_Peña
     Castro_Reyes Vargas_León`,
    'Alejandro~Alejandra Fernando~Fernanda Mario~María',
  ),
  culture(
    `伟=Wei 芳=Fang 秀英=Xiuying 建国=Jianguo 丽娜=Lina 志强=Zhiqiang 晓明=Xiaoming 雪=Xue 海燕=Haiyan 俊杰=Junjie 文静=Wenjing`,
    '王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 赵=Zhao 黄=Huang 周=Zhou 吴=Wu 徐=Xu 孙=Sun',
    '建国=Jianguo~建军=Jianjun 晓明=Xiaoming~晓红=Xiaohong',
  ),
]

export const reportCultures: readonly Culture[] = [
  culture(
    `Олександр=Oleksandr/Olexandr Оксана=Oksana Андрій=Andriy/Andrii Тетяна=Tetiana/Tetyana Юлія=Yulia/Iuliia
     Георгій=Heorhiy Ірина=Iryna/Irina Богдан=Bohdan/Bogdan Соломія=Solomiia Тарас=Taras Катерина=Kateryna Ярослав=Yaroslav
     Людмила=Liudmyla/Ludmila Максим=Maksym/Maxim Галина=Halyna/Galina Остап=Ostap Зоряна=Zoriana Степан=Stepan`,
    `Коваленко=Kovalenko Левицький=Levytskyi~Левицька=Levytska Чорний=Chornyi~Чорна=Chorna Шевчук=Shevchuk
     Гончаров=Honcharov~Гончарова=Honcharova Мельник=Melnyk Савченко=Savchenko Лисенко=Lysenko Ткачук=Tkachuk
     Білоус=Bilous Яворський=Yavorskyi~Яворська=Yavorska Гнатюк=Hnatiuk Марченко=Marchenko Поліщук=Polishchuk`,
    `Олена=Olena~Олеся=Olesia Андрій=Andriy~Антон=Anton Іван=Ivan~Іванна=Ivanna`,
  ),
  culture(
    `يوسف=Youssef/Yusuf مريم=Maryam/Mariam إبراهيم=Ibrahim/Ebrahim عمر=Omar/Umar زينب=Zainab/Zeinab طارق=Tarek/Tariq
     نور=Nour/Noor عثمان=Othman/Osman ياسمين=Yasmine/Yasmin جمال=Gamal/Jamal سارة=Sara أنس=Anas إسماعيل=Ismail
     كوثر=Kawthar رشيد=Rachid/Rashid منى=Mona حمزة=Hamza دعاء=Doaa`,
    `الشريف=Alsharif حداد=Haddad خوري=Khoury المصري=Elmasry بنعلي=Benali ناصر=Nasser الفاسي=Elfassi درويش=Darwish
     العمري=Alomari شاهين=Shahin بوعزيز=Bouaziz التونسي=Eltounsi كنعان=Kanaan الزهراني=Alzahrani`,
    `كريم=Karim~كريمة=Karima نبيل=Nabil~نبيلة=Nabila جميل=Jamil~جمال=Jamal`,
  ),
  culture(
    `민준=Minjun 서연=Seoyeon 지훈=Jihoon/Jihun 하은=Haeun 도윤=Doyun/Doyoon 수빈=Subin/Soobin 예준=Yejun 현우=Hyunwoo
     은지=Eunji 상훈=Sanghoon 미경=Mikyung 영호=Youngho 재현=Jaehyun 소영=Soyoung`,
    `김=Kim 이=Lee/Yi 박=Park/Pak 최=Choi 정=Jung/Jeong 강=Kang 조=Cho 윤=Yoon 임=Lim/Im 한=Han 오=Oh 서=Seo 신=Shin 권=Kwon`,
    `민준=Minjun~민서=Minseo 지훈=Jihoon~지우=Jiwoo`,
  ),
  culture(
    `Wojciech Paweł Małgorzata Zofia Grzegorz Jakub Katarzyna Marcin Stanisław Elżbieta Tadeusz Beata Zbigniew Jadwiga
     Przemysław Urszula`,
    `Kowalski~Kowalska Wiśniewski~Wiśniewska Zieliński~Zielińska Lewandowski~Lewandowska Dąbrowski~Dąbrowska Wójcik
     Mazur Krawczyk Kamiński~Kamińska Szymański~Szymańska Jabłoński~Jabłońska Pawlak Walczak Sikora`,
    'Paweł~Paulina Marcin~Martyna Aleksander~Aleksandra',
  ),
  culture(
    'Sigurður Guðrún Jón Kristín Ólafur Helga Einar Þórdís Björn Sigríður Gunnar Ragnheiður Halldór Ásta',
    `Jónsson~Jónsdóttir Ólafsson~Ólafsdóttir Sigurðsson~Sigurðardóttir Einarsson~Einarsdóttir Gunnarsson~Gunnarsdóttir
     Magnússon~Magnúsdóttir Halldórsson~Halldórsdóttir Þorsteinsson~Þorsteinsdóttir Bjarnason~Bjarnadóttir`,
    'Jón~Jóna Ólafur~Ólöf Kristín~Kristján',
  ),
  culture(
    'Harpreet Gurpreet Manpreet Jaspreet Rajinder Surinder Baljit Sukhdeep Navjot Amarjit Kuldeep Ravinder',
    'Dhillon Sandhu Gill Grewal Sidhu Bajwa Brar Mann Dhaliwal Sekhon Randhawa Cheema',
    'Harpreet~Gurpreet Rajinder~Surinder Manpreet~Manjeet',
  ),
  culture(
    'Văn_Minh Thị_Lan Quốc_Bảo Thu_Hà Đức_Anh Ngọc_Mai Hoàng_Long Thanh_Tâm Gia_Huy Bích_Ngọc Tuấn_Kiệt',
    'Nguyễn Trần Lê Phạm Hoàng Phan Vũ Võ Đặng Bùi Đỗ Hồ',
    'Văn_Minh~Văn_Mạnh Thị_Lan~Thị_Loan',
  ),
  culture(
    `ተስፋዬ=Tesfaye አበበ=Abebe ሰላም=Selam ዳዊት=Dawit ሂሩት=Hirut መሐመድ=Mohammed ብርሃን=Birhan ትዕግስት=Tigist ዮሐንስ=Yohannes
     ገብረ=Gebre ሙሉ=Mulu አስቴር=Aster`,
    'አለሙ=Alemu ወርቁ=Worku መኮንን=Mekonnen ገብረማርያም=Gebremariam ኃይሌ=Haile ታደሰ=Tadesse ደምሴ=Demissie በቀለ=Bekele ካሳ=Kassa',
    'ብርሃን=Birhan~ብርሃኔ=Birhane አበበ=Abebe~አበባ=Abeba',
  ),
  culture(
    `राहुल=Rahul प्रिया=Priya अमित=Amit सुनीता=Sunita विकास=Vikas कविता=Kavita मनोज=Manoj अंजलि=Anjali दीपक=Deepak/Dipak`,
    'शर्मा=Sharma वर्मा=Verma गुप्ता=Gupta सिंह=Singh मिश्रा=Mishra यादव=Yadav पटेल=Patel जोशी=Joshi चौधरी=Chaudhary/Choudhury',
    'राहुल=Rahul~रोहित=Rohit सुनीता=Sunita~सुनील=Sunil',
  ),
]

/** Given names of brothers and sisters that are alike, in Latin letters. */
export const tuningSiblings =
  pairs(`Hassan~Hassana Mario~Maria Paul~Paula Amin~Amina Chidi~Chika Jayden~Kayden
  Daniel~Daniela Eric~Erica Joan~John Marta~Maria Karin~Karen Tobi~Tomi Sara~Zara`)
export const reportSiblings =
  pairs(`Julia~Julie Wanjiru~Wanjiku Ellie~Allie Jon~Joan Lena~Lina Thabo~Thato Amadou~Mamadou
  Gabriel~Gabriela Emil~Emilia Louis~Louisa Chinedu~Chinelo Bryan~Ryan Kate~Katja Denis~Denise Ayo~Ayodele Mina~Nina`)

/** Short forms and spellings that people use for their own names; not taken from the tables of `src/`. */
export const otherForms: ReadonlyMap<string, readonly string[]> = new Map(
  `James Jim Jimmy|Robert Bob Rob|John Johnny|Michael Mike Micheal|William Bill Will|Elizabeth Liz Beth|David Dave
  Richard Rick|Joseph Joe|Thomas Tom|Charles Charlie|Daniel Dan|Matthew Matt|Anthony Tony|Steven Steve Stephen
  Andrew Andy|Joshua Josh|Kenneth Ken|Edward Ed|Ronald Ron|Timothy Tim|Deborah Debbie|Jennifer Jen|Patricia Pat
  Margaret Maggie|Mohammed Muhammad Mohamed|Fatima Fatimah|Ibrahim Ebrahim|Musa Moussa|Aisha Aysha|Oluwaseun Seun
  Samuel Sam|Benjamin Ben|Victoria Vicky|Christopher Chris|Catherine Kate Katherine|Alexander Alex|Rebecca Becky
  Gregory Greg|Nicholas Nick|Frederick Fred|Stephen Steve Steven|Leonard Len|Raymond Ray|Babatunde Tunde|Folasade Sade
  Oluwadamilola Dami|Chukwuemeka Emeka|Uchenna Uche|Suleiman Sulaiman|Khadija Khadijah|Yusuf Youssef|Umar Omar
  Maryam Mariam|Youssef Yusuf|Karim Kareem|Jacqueline Jackie|Josephine Josie|Philippa Pippa|Amelia Millie`
    .split(/[|\n]/)
    .map((line) => words(line))
    .map(([full = '', ...forms]) => [full, forms] as const),
)

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}

function pairs(text: string): (readonly [string, string])[] {
  return words(text).map((pair) => {
    const [one = '', other = one] = pair.split('~')
    return [one, other]
  })
}

function culture(first: string, last: string, siblings: string): Culture {
  return { first: words(first), last: words(last), siblings: words(siblings) }
}

/** Cyrillic letters in Latin ones; names in every other script have their forms listed. */
const cyrillic = new Map(
  words(`а=a б=b в=v г=g д=d е=e ё=yo ж=zh з=z и=i й=y к=k л=l м=m н=n о=o п=p р=r с=s т=t у=u ф=f х=kh ц=ts ч=ch ш=sh
    щ=shch ъ= ы=y ь= э=e ю=yu я=ya є=ye і=i ї=yi ґ=g`).map((pair): [string, string] => {
    const [letter = '', latin = ''] = pair.split('=')
    return [letter, latin]
  }),
)

/** A name as its owner writes it, and its forms in Latin letters, the one used in addresses first. */
export interface Spelled {
  readonly own: string
  readonly latin: readonly string[]
}

/** Reads `Иван=Ivan/Iwan`; a name without listed forms is written letter by letter. */
export function spelled(entry: string): Spelled {
  const [own = '', listed] = entry.replaceAll('_', ' ').split('=')
  if (listed !== undefined) return { own, latin: listed.split('/') }
  if (!/[а-яёєії]/i.test(own)) return { own, latin: [own] }
  const letters = [...own.toLowerCase()].map((letter) => cyrillic.get(letter) ?? letter).join('')
  return { own, latin: [letters.charAt(0).toUpperCase() + letters.slice(1)] }
}
