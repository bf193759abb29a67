product = Openward
skip = Aller au contenu
language = Langue
language-choose = Changer
signed-in-as = Connecté : { $name }
sign-out = Se déconnecter
nav-ward = Le service
nav-password = Mot de passe
draft-text = Ces textes sont un projet : personne n’a encore relu la traduction.

sign-in-title = Connexion
sign-in-name = Nom
sign-in-password = Mot de passe
sign-in-next = Suivant
code-title = Votre code
code-label = Code à six chiffres
code-hint = Il vient de votre application d’authentification et change toutes les trente secondes.
code-enter = Se connecter
again = Recommencer

password-title = Choisir un mot de passe
password-why = Le premier mot de passe était connu de la personne qui a créé votre compte. Choisissez-en un que vous seul connaissez.
password-old = Mot de passe actuel
password-new = Nouveau mot de passe
password-hint = Au moins douze caractères. Quelques mots que vous seul mettriez ensemble valent mieux que des signes.
password-keep = Enregistrer

fault-title = Quelque chose est à corriger
fault-wrong = Le nom, le mot de passe ou le code n’est pas juste. Essayez encore.
fault-slow = Trop d’essais erronés. Réessayez dans { $minutes ->
    [one] { $minutes } minute
   *[other] { $minutes } minutes
}.
fault-short = Choisissez-en un plus long : au moins douze caractères.
fault-long = Choisissez-en un plus court : mille caractères au plus.
fault-simple = Celui-ci se devine trop facilement. Choisissez-en un autre.
fault-same = C’est le mot de passe précédent. Choisissez-en un autre.
fault-date = Ce n’est pas une date avec une heure. Écrivez par exemple 2024-03-28 14:30.

not-found-title = Rien ici
not-found-text = Il n’y a rien ici que vous puissiez voir. Revenez au service, ou adressez-vous à la personne qui gère les comptes de votre organisation.
stale-title = La page est restée ouverte trop longtemps
stale-text = L’envoi ne venait pas d’une page de cette connexion. Rien n’a été fait. Revenez en arrière, rechargez la page et envoyez de nouveau.
failed-title = Cela n’a pas fonctionné
failed-text = Rien n’a été fait. Essayez encore ; si cela se répète, donnez ce code à la personne qui exploite le registre : { $code }.
back = Retour au service

ward-title = Le service
ward-count = { $count ->
    [0] Personne n’est ici en ce moment.
    [one] Une personne est ici en ce moment.
   *[other] { $count } personnes sont ici en ce moment.
}
ward-person = Personne
ward-held = Retenue
ward-authority = Titre pour retenir
ward-until = Jusqu’à
ward-owed = À faire
ward-next = Prochaine échéance
ward-more = Page suivante
ward-late = { $count } en retard
ward-open = { $count ->
    [one] { $count } en cours
   *[other] { $count } en cours
}
ward-nothing-owed = rien en cours
ward-no-law = Le registre n’a pas de loi pour ce lieu ; rien ne peut être dit.
unnamed = Nom absent du registre

person-at = Au { $at }
person-other-time = Un autre moment
person-moment = Date et heure
person-past = Voici la situation à ce moment-là, avec tout ce qui est enregistré à présent. Revenez à maintenant avant d’enregistrer quoi que ce soit.
person-look = Voir
person-now = Maintenant
person-law = Selon { $law }, au { $day }
person-no-law = Le registre n’a pas de loi pour les lieux de ce dossier ; aucune situation ne peut être dite.
person-bad-time = L’heure de l’entrée { $n } n’existe pas, ou existe deux fois, là où le fait s’est produit. Tant que ce n’est pas corrigé, aucune situation ne peut être dite.
held-title = La personne est-elle retenue ?
authority-title = Y a-t-il un titre pour la retenir ?
without-title = Temps passé retenue sans titre établi
without-none = aucun : { $minutes } min
without-contested = contesté : { $minutes } min
without-not-shown = non établi : { $minutes } min
lacks-title = Ce qui manque
timeline-title = Ce qui s’est passé, et la suite s’il ne se passe plus rien
timeline-to-come = à venir
duties-title = Ce qui est dû
duties-none = Rien n’est dû.
duty = Quoi
duty-by = Par qui
duty-due = Échéance
duty-state = État
as-soon-as = dès que possible
rights-title = Ce que la personne peut faire
rights-none = Rien n’est ouvert.
findings-title = Ce qui a été constaté
shortfalls-title = En dessous de la norme internationale
unread-title = Non lu : à corriger d’abord
unread-line = Entrée { $n } : « { $word } », dans { $field }, n’est pas un mot de cette loi.
unread-near = Vouliez-vous dire « { $word } » ?
unsaid = Absent du registre, et demandé par une règle : { $what }.
entries-title = Le dossier
entry-number = Entrée
entry-when = Quand
entry-what = Quoi
entry-who = Par
entry-struck = rayée par l’entrée { $n }
entry-corrects = corrige l’entrée { $n }
until-end-of = jusqu’à la fin du { $day }
until-instant = jusqu’au { $at }
until-open = jusqu’à ce qu’un acte y mette fin
since = depuis le { $at }
section = article { $section }
