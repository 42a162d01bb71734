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
