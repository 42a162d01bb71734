import { nameTokens } from './names.ts'

/** Local parts of addresses that a firm or a team reads, folded as names are. */
const roles = new Set(
  words(`
  info infos information sales admin admins administrator administration support office contact contacts contactus
  hello hi mail email mailbox post postmaster webmaster hostmaster root team staff shop store accounts account
  accounting accountant billing invoice invoices payment payments finance order orders purchase purchases purchasing
  procurement help helpdesk service services customerservice customercare customersupport care customer customers
  client clients enquiry enquiries inquiry inquiries feedback marketing media press pr hr jobs careers recruitment
  legal compliance security abuse privacy it tech technical newsletter news notifications alerts
  reception frontdesk secretary secretariat manager management director ceo cfo coo booking bookings reservation
  reservations events warehouse delivery dispatch logistics returns webshop online web website
  pos cashier counter desk everyone all group partners vendors suppliers wholesale retail registration general main
  company business
  accueil bureau vente ventes commercial commande commandes boutique magasin facture factures facturation compta
  comptabilite direction serviceclient sav rh recrutement aide assistance achat achats livraison courrier presse equipe
  geral venda vendas comercial contato contacto contatos atendimento suporte apoio ajuda loja escritorio secretaria
  financeiro faturacao faturamento fatura faturas compras pedidos encomendas recepcao reservas direcao gerencia
  administracao sac equipe correio
  informacion ventas soporte ayuda oficina tienda facturacion facturas contabilidad administracion atencion clientes recepcion
  direccion rrhh correo equipo servicio
  kontakt verkauf vertrieb buero buro bestellung bestellungen rechnung rechnungen buchhaltung kundenservice
  kundendienst hilfe zentrale sekretariat empfang einkauf personal versand verwaltung anfrage anfragen
  vendite informazioni contatti contatto assistenza aiuto ufficio negozio ordini fatture fatturazione contabilita
  amministrazione segreteria direzione clienti prenotazioni commerciale acquisti posta servizio
  verkoop bestelling bestellingen winkel kantoor klantenservice facturen factuur boekhouding administratie hulp
  receptie inkoop verkope navrae rekeninge bestellings kliente
  mauzo habari maelezo msaada ofisi duka huduma malipo wateja mawasiliano uhasibu bayani
  bilgi satis destek iletisim muhasebe siparis magaza ofis yonetim
  biuro sprzedaz pomoc sklep zamowienia faktury ksiegowosc obsluga
  birojs pardosana atbalsts veikals pasutijumi gramatvediba
  prodazhi zakaz zakazy podderzhka buhgalteria poliseis pwliseis kefu
  инфо продажи заказ заказы поддержка офис контакт помощь магазин бухгалтерия
  πληροφορίες πωλήσεις επικοινωνία υποστήριξη γραφείο
  معلومات مبيعات المبيعات دعم الدعم مكتب المكتب اتصال تواصل خدمة العملاء إدارة الإدارة محاسبة متجر طلبات
  መረጃ ሽያጭ ድጋፍ ቢሮ 客服 销售 信息 联系 办公室 支持 営業 お問い合わせ जानकारी बिक्री सहायता कार्यालय`),
)

/** Local parts that are typed where there is no address. */
const placeholders = new Set(
  words(`
  none na nil null undefined void empty blank nan nobody noone anonymous anon unknown noname no not nope nothing
  notavailable notapplicable notgiven test tests tester testing testuser testtest demo example sample dummy fake
  placeholder temp temporary tmp default foo bar foobar asdfasdf user guest invalid deleted removed blah lorem ipsum
  someone somebody name yourname firstname lastname walkin
  aucun aucune inconnu inconnue essai ninguno ninguna noene notiene nadie prueba desconocido desconocida nenhum nenhuma
  naotem teste desconhecido ninguem keine kein unbekannt niemand ohne nessuno nessuna prova sconosciuto geen onbekend
  hakuna hapana yok brak nieznany netu нет неизвестно тест لايوجد بدون مجهول 无 没有 测试`),
)

/** With these a placeholder begins, in the local part or as the domain. */
const noAddress = words(`
  noemail nomail noaddress noreply donotreply notprovided nodomain sinemail sinmail sincorreo sememail semmail pasdemail
  sansemail sansmail keineemail keinemail geenemail fakeemail fakemail dummyemail testemail testmail youremail yourmail`)

/** What fingers type that only want to go on. */
const runs = ['abcdefghijklmnopqrstuvwxyz', '01234567890', 'qwertyuiop', 'asdfghjkl', 'zxcvbnm']

/**
 * Whether an address (see `exactAddress`) is nobody's own: a `role` is read by several people (`info@`, `sales.lagos@`),
 * and a `placeholder` stands where there is no address (`none@none.com`, `xx@…`, `asdf@…`), for anybody.
 */
export function impersonal(address: string): 'role' | 'placeholder' | undefined {
  const at = address.lastIndexOf('@')
  const local = withoutTag(address.slice(0, at))
  const domain = address.slice(at + 1)
  const tokens = nameTokens(local.replace(/\p{N}+/gu, ' '))
  const joined = tokens.join('')
  const name = nameTokens(domain.split('.', 1)[0]).join('')
  if (placeholders.has(joined) || isTyped(nameTokens(local).join(''), name)) return 'placeholder'
  if (domain.endsWith('.invalid') || noAddress.some((word) => joined.startsWith(word) || name === word))
    return 'placeholder'
  return roles.has(joined) || tokens.some((token) => roles.has(token)) ? 'role' : undefined
}

function withoutTag(local: string): string {
  const plus = local.indexOf('+')
  return plus > 0 ? local.slice(0, plus) : local
}

/** The domain again (`x@x.com`), one sign over and over (`xx@`, `000@`), or keys in their order (`asdf@`, `a@b.com`). */
function isTyped(local: string, domain: string): boolean {
  if (local === domain || /^(.)\1+$/u.test(local)) return true
  return runs.some((run) => (local.length >= 3 && run.includes(local)) || run.includes(local + domain))
}

function words(text: string): string[] {
  return text.trim().split(/\s+/).flatMap(nameTokens)
}
