<3001. >
VN  - Ovid Technologies
DB  - Embase
UI  - 621380001
ST  - CONFERENCE ABSTRACT
TI  - Quality of life in patients with inventions: A review.
SO  - Invented Proceedings. Conference: 2nd INVENT Conference. Spain. 12 (Supplement 3) (no pagination), 2018. Date of Publication: 2018.
AU  - Behan L.
AU  - Rubbo B.
IN  - (Behan, Rubbo) University of Nowhere, Town, Country
      (Behan) Elsewhere
CP  - Country
MH  - anxiety
MH  - *quality of life
AB  - Background: Inventions are rare.
      They hurt.
Method(s): We searched.
Result(s): We found 260.
IS  - 1753-6561
DO  - http://dx.doi.org/10.5555/s12919-018-0099-8
LG  - English
PT  - Conference Abstract
YR  - 2018
CR  - Copyright 2018

<3002. >
VN  - Ovid Technologies
DB  - Ovid MEDLINE(R) ALL
UI  - 31000006
TI  - Steroids for the spine.
SO  - Invented Journal. 12(3):123-9, 2019 Mar 05.
AU  - Doe, Jane

<3003. >
VN  - Ovid Technologies
DB  - APA PsycInfo

<3004. >
DB  - APA PsycInfo
UI  - 2019-65000-002
TI  - Doubts.
SO  - Invented Psychology. Vol.24(7), 2019, pp. 847-856.
