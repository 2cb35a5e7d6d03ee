"""Hidden templates come out, as spintax: those that `template` was developed on, and those it is reported on.

All were made up for this, after the manner of the comments that were filed with American agencies, and of reviews.
"""

# Many small slots, long options, sentences that change places, nested slots and slots chosen together, reviews.
DEVELOPED = {
    "small": (
        "{Dear Commissioners|To the FCC|Dear Chairman Pai}{:|,} {I am|I'm} {concerned|worried|troubled|upset} "
        "about {internet freedom|net neutrality|the open internet}. I {strongly |}{urge|ask|implore|request} the "
        "{government|FCC|commission|Federal Communications Commission} to {undo|reverse|repeal|overturn} {Barack "
        "Obama's|President Obama's|Obama's|the previous administration's} {decision|plan|scheme|order} to "
        "{control|regulate|take over} {the internet|the web|broadband|internet access}. {Individual|People like "
        "me|Ordinary} {citizens|Americans|people}, {as opposed to|rather than|not} {the FCC|Washington "
        "bureaucrats|unelected officials}, {deserve|ought|should be able|should be free} to "
        "{enjoy|use|buy|purchase} {whatever|which|the} {services|products} {we|they} {want|choose|prefer|desire}."
        " {Obama's|The Obama|The previous} {decision|plan|scheme} is a "
        "{distortion|corruption|perversion|betrayal} of {net neutrality|the open internet|internet freedom}. It "
        "{ended|broke|stopped|undid} a {pro-consumer|free-market|market-based|light-touch|hands-off} "
        "{framework|approach|policy|system} that {worked|functioned|performed} {very |quite |exceptionally "
        "|}{well|smoothly|successfully} for {decades|many years|a long time} with {bipartisan|both parties'|broad"
        " bipartisan} {support|backing|approval}."
    ),
    "long": (
        "Before leaving office, the Obama Administration {rammed through a massive scheme that gave the federal "
        "government broad regulatory control over the internet|pushed through an enormous plan which put "
        "unelected officials in charge of how we all get online|imposed hundreds of pages of rules on an industry"
        " that had done very well without them}. {That misguided policy decision is threatening innovation and "
        "hurting broadband investment in one of the largest and most important sectors of the economy.|As a "
        "result, companies have stopped building new lines, and families far from the cities are still waiting "
        "for a decent connection.|Since then, investment has fallen for two years in a row, which had only ever "
        "happened in a recession.} I support the Commission's decision to roll back Title II. {The plan to return"
        " to the light-touch approach that served us for twenty years will put engineers and entrepreneurs, "
        "instead of bureaucrats and accountants, back in charge.|Going back to what was agreed under Presidents "
        "Clinton and Bush is the sensible thing to do, and both parties used to think so.}"
    ),
    "order": (
        "I oppose the {repeal|rollback} of the net neutrality rules. {My {kids|children} {learn|study} online "
        "every {day|evening} after school. Our local {library|clinic|museum} relies on a fast {connection|line} "
        "it can afford. |Our local {library|clinic|museum} relies on a fast {connection|line} it can afford. My "
        "{kids|children} {learn|study} online every {day|evening} after school. }Do not let {cable|phone} "
        "companies {slow|block} what they dislike. {Thank you|Thanks}."
    ),
    "nested": (
        "{#1:As a teacher|As a mother|As a veteran} I {write|am writing} to you {today|this week}. {Without the "
        "rules|If the rules go}, {companies {such as|like} {Comcast|Verizon|AT&T} could {slow "
        "down|throttle|block} any {site|service|competitor} that {won't|refuses to} pay{ them|}|nobody would "
        "{keep|stop} {small|young|new} {firms|companies} from being {priced|squeezed} out of {business|the "
        "market}}. {I have seen it {before|elsewhere}. |}The people who depend on me are {#1:my thirty pupils|my "
        "four small sons|the men of my old unit}, and they {need|deserve} {an open|a free} internet."
    ),
    "review": (
        "{Absolutely|Totally|Really} {love|adore} {this|my new} {blender|mixer}! {Bought|Ordered} it {last "
        "month|in May|two weeks ago} and {so far|until now} it {works|runs} {like a charm|perfectly|flawlessly}. "
        "{Easy to clean|Cleans easily}, {very |super |}quiet, and the {price|cost} is {fair|right|great}. {Would "
        "recommend|Highly recommended|Recommended} to {everyone|anyone|all my friends}{!|.}"
    ),
    "three": (
        "{Chairman|Commissioner}, {please|kindly} listen. {{Rural|Remote} towns have no choice of provider. "
        "{Prices|Bills} rise each {year|winter}. Streaming is how {we|families} relax. |{Prices|Bills} rise each "
        "{year|winter}. {Rural|Remote} towns have no choice of provider. Streaming is how {we|families} relax. "
        "|Streaming is how {we|families} relax. {Prices|Bills} rise each {year|winter}. {Rural|Remote} towns have"
        " no choice of provider. |{Rural|Remote} towns have no choice of provider. Streaming is how {we|families}"
        " relax. {Prices|Bills} rise each {year|winter}. }That is why {Title II|the law} {must|has to|should} "
        "{stay|remain} {as it is|untouched|in force}."
    ),
    "uneven": (
        "{Stop this!|Enough. I have had it with Washington.|You were appointed to serve the public. Remember "
        "that? We do.} {A fair internet matters to {students|nurses|farmers|artists} like me.|Nobody should pay "
        "twice for the same {line|wire|cable|service}. It is as simple as that.|} {Keep|Leave} the "
        "{2015|current|existing} {rules|order} in place{, for all our sakes|, for once|}."
    ),
    "wide": (
        "My name is on this comment because "
        "{fairness|freedom|honesty|choice|privacy|equality|justice|openness|opportunity|innovation|education|democracy|community|culture|health|safety|growth|trade|science|art|music|faith|family|work|play}"
        " depends on {a|the} {neutral|level|open} {network|net|playing field}. {An eager|An able|A greedy|A "
        "lazy|A powerful} {firm|monopoly} will {always|sooner or later|in the end} {abuse|exploit|misuse} "
        "{its|such} power."
    ),
    "deep": (
        "What I read in the proposal of May makes me {sad|angry}. {It is {simply |just |}{wrong|unfair {to "
        "{customers|users {at home|abroad}}|to all}|a {shame|scandal}} that {big|large} carriers could decide "
        "what {people|citizens} may {read|see|hear} online|Carriers with {millions|billions} in {profits|revenue}"
        " should not be allowed to {rule|run|own} what we {read|see|hear} online}. {I {vote|do vote}, and {I "
        "{remember|don't forget}|my {friends|family} {too|as well}}.|}{ {Regards|Best regards}.|}"
    ),
    "short": (
        "{Great|Good|Excellent|Superb} {product|item|purchase}, {fast|quick|speedy} {delivery|shipping}{, | and "
        "}{would|will} buy again{!|.|}"
    ),
    "bare": (
        "{I|We} {fully|wholly|entirely} {oppose|reject|resist} {this|the} {proposed|planned|suggested} "
        "{change|rule|measure} {because|since|as} {it|that} {hurts|harms|damages} {users|consumers|customers} "
        "{and|plus} {helps|aids|favors} {monopolies|giants|cartels} {who|which|that} {already|long since|today} "
        "{control|dominate|own} {everything|too much|the wires}{.|!}"
    ),
    "weighted": (
        "I {support|support|support|back} the {chairman's|chairman's|FCC's} plan to {end|end|end|end|stop} Title "
        "II. {Thank you for reading this.|||} It has {hurt|slowed} {investment|investment|growth} in "
        "{rural|small-town} America, and {nobody|no one} {I know|I know|here} has {gained|profited} from it."
    ),
    "farm": (
        "{Hello. |}{I am {only |}a {simple |}{farmer|rancher}{ from {Iowa|Ohio}|}. |}The {new |}{rule|law} on "
        "{clean |}{streams|ponds} {makes no sense|is {too |}{costly|dear}}{ to {me|us}|}. {{Honestly, who|Who} "
        "wrote it? |}{Ask|Come and see} {someone|a man} who {works|farms} the land{ before you "
        "{sign|vote}|}{!|.}{ {God bless|Take care}.|}"
    ),
    "cafe": (
        "{Nice|Cute} {little |}{cafe|diner} near the {station|harbor}{ with {friendly|kind} staff|}. {Coffee|Tea}"
        " {was|came} {hot|strong}{ and {cheap|fast}|}, the {cake|pie} {fresh|homemade}. {They {take cards|have "
        "wifi}. |}{We|I} {will|may} {gladly |}{stop by|come} again{ {soon|one day}|}{.|!}"
    ),
    "lodge": (
        "{Our|This} {second |third |}{trip|visit} to the {lodge|cabin} was {great|perfect}{, as {always|ever}|}. "
        "{We {hiked|fished} {every day|each morning}{ until {noon|lunch}|}.|The {kids|boys} {swam|rowed}.|} The "
        "{owner|host} {met|greeted} us {so |}{warmly|kindly}{ and {lit the stove|made tea}|}. {{Firewood|Linen} "
        "is {included|free}. |}{Book|Reserve} {early|ahead}{, {folks|friends}|}{!|.|}"
    ),
}

# Written when the code was first done. After they were measured it was mended twice: on the templates above, and so
# that a sentence that may be left out has its own full stop, as was seen here (the hotel: the same texts, other slots).
REPORTED = {
    "parks": (
        "{I am writing|I write|This is} to {express|state|register} my {opposition|objection|resistance} to the "
        "{proposed|planned|announced} {entrance fees|fee increases|price rises} at {our national parks|America's "
        "national parks|the parks}. {Our public|These public|Public} lands {belong to|are owned by} {everyone|all"
        " of us|every American}, and {charging|asking} {seventy dollars|that much} {per|a} {car|vehicle} would "
        "{shut out|exclude|turn away} {working|low-income|ordinary} {families|households}. {The backlog in|The "
        "state of|Overdue} {maintenance|repairs|upkeep} {is real|is no invention|cannot be denied}, but "
        "{Congress|the Senate|the government} should {pay for|fund|cover} it {out of|from|with} {general "
        "revenue|the budget|royalties on oil}. {Please|I ask you to} {withdraw|drop|abandon|reconsider} this "
        "{plan|proposal|idea} {at once|now|without delay}."
    ),
    "post": (
        "{My grandmother has had her medicine brought to her door by the same letter carrier for sixteen years, "
        "in snow and in heat.|There is no bank, no pharmacy and no bus in our valley, and everything that we need"
        " comes with the mail truck at noon.|Last winter a money order of mine went astray, and the postmaster "
        "himself drove out on a Sunday to hand it over.|I sell handmade quilts over the web, and without an "
        "affordable parcel rate I would have to close.} The Postal Service must not be sold. {A private owner "
        "would serve the cities, where there is money to be made, and leave the rest of us to fend for "
        "ourselves.|Not one cent of tax has gone into it since 1982, whatever its enemies may say on "
        "television.|Every attempt abroad to do the same has ended in dearer stamps and fewer deliveries.} {I "
        "will be watching how you vote on this bill, and so will my neighbors.|Let me know in writing where you "
        "stand on this question before the hearing in May.|Do not hide behind the report of a consultant who has "
        "never sorted a letter.}"
    ),
    "bees": (
        "To the {Environmental Protection Agency|EPA}: {I keep {bees|a few hives} behind the {barn|house|shed}. "
        "Half of them {died|perished} over the {winter|cold months}. The {almond|apple|cherry} growers near us "
        "are {alarmed|anxious} too. |Half of them {died|perished} over the {winter|cold months}. I keep {bees|a "
        "few hives} behind the {barn|house|shed}. The {almond|apple|cherry} growers near us are {alarmed|anxious}"
        " too. |The {almond|apple|cherry} growers near us are {alarmed|anxious} too. I keep {bees|a few hives} "
        "behind the {barn|house|shed}. Half of them {died|perished} over the {winter|cold months}. }Ban these "
        "{chemicals|sprays|poisons} before {another|one more} {spring|season} goes by{, please|}."
    ),
    "hotel": (
        "{What a|Such a} {lovely|wonderful|charming} {hotel|place}! {We stayed {two|three|four} nights{ with our "
        "{dog|kids}|}.|Stayed here {on business|for a wedding}.|} The {bed|pillow} was {so |very "
        "|}{soft|comfortable|comfy}{, the {shower|bath} {hot|spotless}|} and {breakfast|the breakfast buffet} "
        "{had everything|was superb|left nothing to wish for}. {Staff at {the desk|reception} {could "
        "not|couldn't} have been {kinder|nicer|more helpful}. |}{Parking is {free|easy}. |}We {will|shall} "
        "{definitely |certainly |}{be back|return|come again}{ next {year|summer}|}{!|.}"
    ),
    "nurses": (
        "{As {an emergency room|a hospital|a school} nurse with {ten|twelve|twenty} years {on the job|of "
        "service}, I know what {short|thin} staffing {does|means}|Two of my {friends|cousins} left {nursing|the "
        "profession} {last year|this spring} because nobody {listened|cared}|{When|While} my "
        "{father|mother|husband} was {ill|in intensive care}, one nurse had {eight|nine} {patients|people} to "
        "look after}. {Safe limits save lives{ and {money|careers}|}|Studies from {California|Australia|Ireland} "
        "{prove|show} that limits on {patients|beds} per nurse {work|pay for themselves}}. The {hospital|health "
        "care} {lobby|industry} will {claim|tell you} that it {can't|cannot} {find|hire} {people|staff}. {Don't "
        "believe it|Do not be fooled}; {treat|pay} them {well|decently} and they {come|stay}."
    ),
    "trades": (
        "{#1:My father is a plumber|My sister drives a forklift|My uncle welds ships} and {has never|never} "
        "{owned|bought} a {new|brand-new} {car|truck} in {twenty|thirty} years. {An apprentice|A beginner|A "
        "trainee} {today|these days} {earns|makes} {less|no more} than {in 1990|a generation ago}, "
        "{while|whereas} {rents|house prices} have {doubled|tripled}. Raise the {minimum|lowest} wage to "
        "{fifteen|eighteen} dollars{ an hour|}, {so that|in order that} {#1:he can retire with a back that still "
        "bends|she sees her two girls before their bedtime|he need not work nights at the yard}. {Members of "
        "Congress|Senators|Our lawmakers} {raised|increased} their own {pay|salaries} {six|several} times."
    ),
}

# Written when the code was done, and measured before and after one last change; nothing was changed for their sake.
CONFIRMED = {
    "library": (
        "{Dear {council|councillors}|To the {council|board}}{,|:} {I learned|I heard|It was announced} "
        "{yesterday|this week} that the {Elm Street|branch} library {will|is to} {close|be closed} in {June|the "
        "summer}. {It is the only {quiet|warm} {room|place} in the {quarter|neighborhood} where {children|pupils}"
        " can {read|do homework} after {four|school}.|My {mother|neighbor} {borrows|reads} {two|three|four} books"
        " a week there and has {no car|no other way to get them}.|I {wrote|finished} my {thesis|application} at "
        "its {long|oak} tables.} {Cutting|Saving} {ninety|eighty} thousand dollars {there|this way} will "
        "{cost|lose} the {town|city} {far more|much more} {in the end|later}. {Vote no|Say no|Stop it}{, "
        "{please|I beg you}|}."
    ),
    "ferry": (
        "{The early ferry is how nurses, bakers and teachers get to work on the other side, and there is no "
        "bridge for forty miles.|Since the timetable was cut I have had to leave my house at four in the morning,"
        " and I am not the only one.|Tourists fill the boat in July, but it is in January that the island cannot "
        "live without it.} {Keep|Save|Do not cut} the {six o'clock|first} {boat|sailing}. {The company says that "
        "it loses money on the crossing, yet it paid its owners a dividend of three million last spring.|A "
        "subsidy of two dollars a head would cover the loss that the company claims, and nobody would notice it "
        "in the budget.} {A {resident|voter|taxpayer}|{Resident|Voter} of the island for {ten|twenty|thirty} "
        "years}"
    ),
    "boots": (
        "{Bought|Ordered|Got} these {boots|shoes} {in {brown|black}|for my {son|wife}} {and {they are|they're} "
        "{great|terrific}|and could not be happier}. {{True|Right} to size{, if a {bit|touch} narrow|}.|{Run|Run "
        "a bit} {small|large}, so {size|go} {up|down}.} {Wore|Used} them {in {snow|mud|rain}|all {winter|autumn}}"
        " {without|with no} {trouble|blisters|wet feet}. {Laces|Soles} {could be|might be} {better|longer}{, but "
        "who cares|}. {Five stars|Worth every penny|Will buy again}{!|.}"
    ),
    "water": (
        "{#1:As a dairy farmer|As a trout guide|As a midwife} {in|from} {Grant|Marion|Polk} County, I "
        "{ask|beg|urge} you not to {weaken|gut|relax} the {Clean Water Act|Act|rules on clean water}. "
        "{What|Whatever} is {dumped|poured} {upstream|into the creek} {reaches|comes to} us {all|sooner or "
        "later}. {#1:My cows drink from that creek|My guests wade in it from May on|The babies I deliver are "
        "bathed in it}. {Industry|The chemical lobby|Big business} has {had|got} its way {long enough|too "
        "often}{; {this|now} it is our turn|}. {{Enforce|Apply} the law{ as {written|it stands}|}.|{Think "
        "of|Remember} {those|the people} downstream.}"
    ),
}
