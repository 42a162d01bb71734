/**
 * Given names as they are spelled in different languages and scripts, one name a line: `mohamed` and `muhammad` are the
 * same name, so they agree. Written without case and accents (see `names.ts`).
 */
const spelled = `
mohammed muhammad mohamed mohammad mohamad muhammed mohamet mohd muhamad محمد
ahmed ahmad achmed ahmet احمد
mahmoud mahmud mahmood mahmut محمود
ali aly علي
hassan hasan حسن
hussein husain hussain husein hossein houssein hussien حسين
fatima fatimah fatma fathima fatema فاطمه
aisha aysha aicha aishah ayesha عايشه
khadija khadijah khadidja kadija khadeeja خديجه
zainab zaynab zeinab zeynab zaineb زينب
maryam mariam meriem maryem meryem مريم
ibrahim ebrahim ibraheem brahim ibrahima ابراهيم
yusuf youssef yousef youssouf yusuff yousuf yousif yussuf يوسف
omar umar oumar umaru عمر
othman usman uthman osman ousmane outhmane عثمان
abubakar aboubacar abubakr aboubakar abubaker boubacar aboubakr
abdullah abdallah abdulla abdalla عبدالله
abdulrahman abdelrahman abdurrahman abderrahmane abdourahmane abdulrahaman عبدالرحمن
abdulkadir abdelkader abdulqadir abdoulkader
khalid khaled خالد
mustafa moustafa mustapha mostafa moustapha مصطفي
suleiman sulaiman souleymane sulayman suleyman soliman sulaymon سليمان
ismail ismael esmail ismaila اسماعيل
idris idriss idrees
yahya yahia yehia
bilal bilel belal
amina aminah ameena امينه
halima halimah
safiya safia safiyya saffiya
leila layla laila leyla ليلي
yasmin yasmine yasmeen ياسمين
jasmin jasmine
nour noor nur نور
karim kareem كريم
rashid rachid rasheed rasheid
jamal djamel gamal jamel jamaal
tariq tarek tarik tareq طارق
nasser naser nasir nacer
walid waleed oualid
samir sameer
sharif cherif shareef sherif charif
cheikh sheikh shaikh cheick cheik
moussa musa mousa موسي
issa isa eissa عيسي
haroun harun haroon
djibril jibril gibril jibreel
said saeed saeid saed
mehdi mahdi
zakaria zakariya zakariyya zachariah zakariah
kwesi kwasi akwasi
kojo kodjo kwadwo kojoe
kwaku kweku
adwoa adjoa
yaw yao
efua efia
johannes yohannes yohanes johanes
catherine katherine kathryn katharine cathryn katheryn catharine kathrine
elizabeth elisabeth elizabet
stephen steven
stefan stephan
philip phillip philipp
geoffrey jeffrey jeffery
jonathan johnathan jonathon
nicholas nicolas nikolas
christopher kristopher cristopher
michael micheal mickael mikael
matthew mathew
matthieu mathieu
theresa teresa therese
sarah sara
hannah hanna
deborah debora debra
rebecca rebekah rebeca
rachel rachael
susan suzan
anne ann
helen helene
eric erik erick
mark marc
carl karl
louis lewis
lawrence laurence
alan allan allen
brian bryan
sean shaun shawn
neil neal
graham graeme
stuart stewart
frederick frederic fredrick frederik
raphael rafael
isabel isabelle isobel
lynn lynne
jacqueline jaqueline
dominic dominik
joseph josef
jacob jakob
yakubu yaqub yacoub
daoud dawud daud
john jon
`

/** Short and pet names after the name they stand for. Several names may share one (`sam`). */
const shortened = `
abigail abby gail
abimbola bimbo bimbola
abraham abe
adebayo bayo ade
adebola bola
adedayo dayo
adedeji deji
adekunle kunle
adeniyi niyi
adesola sola
adewale wale
adeyemi yemi
adaeze ada daisy
adaobi ada
albert al bert
alexander alex sandy xander alec
alexandra alex sandra lexi
alfred alf fred
amarachi amara
andrew andy drew
anthony tony
antonio tony toni
arthur art
augustine gus
ayodeji ayo deji
ayodele ayo dele
ayomide ayo mide
babajide jide
babatunde tunde baba
benjamin ben benny
bernard bernie
bolanle bola
bukola bukky
catherine cathy kate katie kathy cat
charles charlie chuck
chiamaka amaka
chinedu nedu edu
chinonso nonso
chinyere chichi
chioma chichi
chizoba zoba
christina tina chris chrissy christy
christine tina chris chrissy christy
christopher chris
chukwudi chudi
chukwuebuka ebuka
chukwuemeka emeka
chukwunonso nonso
clement clem
cynthia cindy
damilola dami lola
daniel dan danny
david dave davy
deborah debbie deb
donald don donnie
dorothy dot dolly
douglas doug
ebenezer eben
edward ed eddie ted ned
eleanor ellie nora
elizabeth liz beth betty lizzie eliza lisa libby
emmanuel emma manu manny
ephraim eph
eugene gene
ezekiel zeke
fatima fati fatou fatoumata
folasade sade
frances fran
francis frank
frederick fred freddie
funmilayo funmi
gabriel gabe
gerald gerry jerry
gregory greg
harold harry
henry harry hank
ifeanyi ify
ifeoma ify
ikechukwu ike iyke
isabel bella izzy
jacob jake
james jim jimmy jamie
jeffrey jeff
jennifer jen jenny
jeremiah jerry
jessica jess jessie
joanna jo
john johnny jack
jonathan jon
joseph joe joey
joshua josh
judith judy
julius jules
katherine kate kathy katie kat
kelechi kele
kenechukwu kene
kenneth ken kenny
kimberly kim
kolawole kola
kosisochukwu kosi
lawrence larry
leonard leo len lenny
lawrence laurie
louis lou louie
lucas luke
margaret maggie meg peggy marge
martin marty
matthew matt
maximilian max
mercy merci
michael mike mick mickey
mohammed mo mamadou
mojisola moji
muyiwa olumuyiwa
nathaniel nate nat
nicholas nick nicky
nkechinyere nkechi
nnamdi nnam
obinna obi
ogechukwu oge ogechi
okechukwu okey oke
olamide mide
olayinka yinka
olufemi femi
olufunmilayo funmi
olugbenga gbenga
olumide mide
olusegun segun
olusola sola
oluwadamilola dami damilola
oluwafemi femi
oluwaseun seun
oluwatobi tobi
oluwatoyin toyin
oluwatosin tosin
omolola lola
omotayo tayo
onyekachi kachi
opeyemi ope yemi
pamela pam
patricia pat patty trish tricia
patrick pat paddy
peter pete
philip phil
priscilla cilla
rachel rach
raymond ray
rebecca becky becca
richard rick dick rich ricky
robert bob rob bobby robbie bert
ronald ron ronnie
samantha sam sammy
samuel sam sammy
sebastian seb
simisola simi
solomon solo
somtochukwu somto
stephen steve
susan sue susie
suzanne sue
temitayo temi tayo
temitope temi tope
thandiwe thandi
theodore ted theo
theresa terry tess
thomas tom tommy
timothy tim
tochukwu tochi
toluwalope tolu
uchenna uche
uchechukwu uche
valentine val
victor vic
victoria vicky vic tori
vincent vince vin
walter walt
william bill will billy willy liam
wilson will
zachary zach zack
`

/**
 * Further given names: with those above, what counts as somebody's own name. One letter between two of them is
 * a brother or a wife before it is a typing error.
 */
const others = `
aaron abel abena achieng ade adaora adeola adeolu adesuwa adrian adriana agnes agatha aidan aiden akinyi akosua alana alex
alexa alexis alice alicia alina alisa alison alma amanda amara amber amelia amelie amir amira amy ana anais anastasia andrea
andres angel angela angelo anita anna annabel annika antoine antonia anton april ari aria ariel arnold arno ashley astrid
aurora ava axel babu barbara barry beatrice bekele bella ben benedict bernadette beth bianca bongani boris boris brad
brandon brenda brent bridget britney brooke bruce bruno bryce caleb calvin cameron camila camille carina carla carlo carlos
carmen carol carola carole carolina caroline carrie casey cassandra cecilia cedric celia celine chad chantal charlene
charlotte chebet chelsea cheryl chiara chidi chidinma chika chinelo chinenye chinwe chloe christa christian christiana
chudi claire clara clare claude claudia claudio clemence cleo clive colin colleen conor constance cora corinne craig
crystal curtis daisy dalia damian damien dana daniela daniella danielle danilo dario darius darren darlene dean delia dele
delphine denis denise dennis derek diana diane diego dina dirk dmitri dominga dora doris dorothea duncan dylan ebele
ebere edgar edith edmund edna edwin efe ehi eileen elaine elena eli elia eliana elias elijah elise elisa ella ellen elliot
elsa elsie elvira elvis emil emilia emilie emilio emily emma enda enoch erica erika erin ernest ernesta ester esther ethan
eunice eva eve evelyn ezra fabian fabio faith felicia felix fernanda fernando fiona flora florence florian franca francesca
francesco franco franz freda freya frida gary gavin gemma genet geraldine gertrude gideon gift gilbert gina gino giovanna
giovanni giulia giulio glen gloria godfrey godwin gordon grace greta guido gustav guy habiba hadiza hamza hans harriet
harrison hassana hauwa hazel heather hector heidi henri henrietta henrik herbert herman hilary hirut holly hope howard hugh
hugo hussaina ian ibukun ida ifeyinwa ignatius igor ike ikenna imran ines ingrid ira irene iris irina irma isaac isaiah
ivana ivy jabu jada jade jaden jamila jana jane janet janice janine jared jasper jason javier jay jayden jeanne jeannette
jenna jerome jesse jesus jill jim joan joana jodie joel joelle johanna jolene jordan joy joyce juan juana juanita juba
jude julia julian juliana julie juliet julio juma june juno justin justina kaiden kamal kamala kamau karen karim karima
karin karina karla karol karolina kate katrin katrina kayden kayla kehinde keith kelly kelvin kemi kerry kevin khalida kieran
kiprop kirsten kofi kristen kristin kristina kurt kyle lamar lara larissa lars laura lauren laurie lea leah lena leo leon
leona leonie leroy lerato leslie lia liam lila lilian lilly lily lina linda lindsay linus lionel lisa liz logan lola loren
lorena loretta lorna lorraine lou louisa louise luca lucas lucia lucie lucien lucy luisa luke luna lydia mabel macy
madeleine mae magda maia makena malcolm malik malika mandy manuel manuela mara marcel marcela marcella marco marcos marcus
margo maria mariama mariana marianne marie marilyn marina mario marion marisa marissa marius marjorie marlene marlon marta
martha martina marvin mary maud maurice mauro max maya megan melanie melissa melvin mercy meseret mia michaela michel
michela michele michelle miguel mika mikayla mila milan milena miles millie mina mira miranda miriam mitchell moira molly
mona monica monique morgan moses mpho mwangi myra nadia nadine naomi natalia natalie natasha nathan nelly nelson nia nico
nicola nicole nike nikita nina nkem nneka noah noel noelle nolan nomvula nora norman nuno nyambura obi odette ola olga
olive oliver olivia olivier ollie omari oscar otieno otis otto paige pamela paola paolo pascal pascale paula paulina pauline
pearl pedro penelope penny petra philippa phoebe polly precious prince princess prudence quentin quincy rabi raj raja ralph
ramon ramona randall raquel raul regina reginald reine rena renata rene renee reuben rhoda rhys rita rob roberta roberto robin
robyn roderick rodney roger roland rolf roman romy ron ronaldo rosa rosalie rose rosemary rosie ross roxane roy ruby rudolf
rufus rupert russell ruth ryan sabina sabine sabrina sade salim salima salma salome sally samira samson sana sandra sani sasha
saul scott selena selma serena serge sergio seth shana shane shannon sharon shawna sheila shelley sherry shirley sibyl sidney
sierra silas silvia simon simona simone siobhan sipho sofia sonia sonja sophia sophie spencer stacey stacy stanley stella
stephanie suki sunday susanna sven sylvia sylvie tamara tamika tania tanya tara tasha tatiana taylor taiwo taiye tanko thabo
thea thelma theo tia tiana tiffany tigist tina tobias todd tracey tracy travis trevor trina tristan trudy tyler tyrone uche
ugo ulrich ulrika uma una ursula valeria valerie vanessa vera vernon victor viola violet virginia vusi wambui wandile wanda
wanjiku wanjiru wayne wendy wesley wilfred wilma winston xavier yannick yannis yara yetunde yolanda yolande yvette yvonne zaid
zaida zain zanele zara zelda zenzele zeke zoe zola zodwa zuri oluwatoni oluwatobi oluwatomi oluwaseyi oluwaseun oluwasegun
oluwatosin ayomide ayodele ayodeji adebisi adebayo adebola adewale adewole olamide olumide omolara omolola omotola
chinedum chinelu chinyelu chinwendu amaka ameka ngozi nkiru nkiruka obiageli obioma obiora ogonna somto somadina
tobenna tochi uju ujunwa zikora kiptoo kibet cherono chepkoech jepkosgei jepkorir kiprono achien akello apiyo adongo opiyo
odongo babirye wasswa kato nakato waiswa tamba sahr finda kumba sia yusufa aminata aminu amadou aissata aissatou
`

const spellings = table(spelled)
const fullNames = fullNamesOf(shortened)
const givenNames = new Set([
  ...spellings.keys(),
  ...fullNames.keys(),
  ...[...fullNames.values()].flat(),
  ...words(others),
])

/** A name in its first spelling of the table, itself where the table does not have it. */
export function spellingOf(name: string): string {
  return spellings.get(name) ?? name
}

/** The names that a name may stand for: itself, and those that it is short for. */
export function standsFor(name: string): readonly string[] {
  const spelling = spellingOf(name)
  const full = fullNames.get(name) ?? fullNames.get(spelling)
  return full === undefined ? [spelling] : [spelling, ...full]
}

/** Whether it is known as somebody's given name, so that it is hardly a mistyped other one. */
export function isGivenName(name: string): boolean {
  return givenNames.has(name)
}

function table(text: string): Map<string, string> {
  return new Map(
    lines(text).flatMap(([first = '', ...rest]) => [first, ...rest].map((name) => [name, first] as const)),
  )
}

function fullNamesOf(text: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  for (const [full = '', ...short] of lines(text)) {
    for (const name of short) found.set(name, [...(found.get(name) ?? []), spellingOf(full)])
  }
  return found
}

function lines(text: string): string[][] {
  return text.trim().split('\n').map(words)
}

function words(text: string): string[] {
  return text.trim().split(/\s+/)
}
