product = Openward
skip = Перейти до змісту
language = Мова
language-choose = Змінити
signed-in-as = Ви увійшли як { $name }
sign-out = Вийти
nav-ward = Відділення
nav-password = Пароль
draft-text = Ці тексти — чернетка: переклад ще ніхто не перевірив.

sign-in-title = Вхід
sign-in-name = Ім’я для входу
sign-in-password = Пароль
sign-in-next = Далі
code-title = Ваш код
code-label = Код із шести цифр
code-hint = Його показує ваш застосунок для входу; код змінюється кожні тридцять секунд.
code-enter = Увійти
again = Почати знову

password-title = Оберіть пароль
password-why = Перший пароль знала людина, яка створила ваш обліковий запис. Оберіть такий, який знаєте лише ви.
password-old = Теперішній пароль
password-new = Новий пароль
password-hint = Щонайменше дванадцять знаків. Кілька слів, які поєднали б лише ви, кращі за спеціальні знаки.
password-keep = Зберегти

fault-title = Треба дещо виправити
fault-wrong = Ім’я, пароль або код неправильні. Спробуйте ще раз.
fault-slow = Забагато хибних спроб. Спробуйте знову через { $minutes ->
    [one] { $minutes } хвилину
    [few] { $minutes } хвилини
    [many] { $minutes } хвилин
   *[other] { $minutes } хвилини
}.
fault-short = Оберіть довший: щонайменше дванадцять знаків.
fault-long = Оберіть коротший: щонайбільше тисяча знаків.
fault-simple = Цей надто легко вгадати. Оберіть інший.
fault-same = Це попередній пароль. Оберіть інший.
fault-date = Це не дата з часом. Напишіть, наприклад, 2024-03-28 14:30.

not-found-title = Тут нічого немає
not-found-text = Тут немає нічого, що ви можете бачити. Поверніться до відділення або зверніться до того, хто веде облікові записи вашої організації.
stale-title = Сторінка була відкрита надто довго
stale-text = Надіслане прийшло не зі сторінки цього входу. Нічого не зроблено. Поверніться, завантажте сторінку знову й надішліть ще раз.
failed-title = Не вдалося
failed-text = Нічого не зроблено. Спробуйте ще раз; якщо це повториться, повідомте цей код тому, хто веде реєстр: { $code }.
back = Назад до відділення

ward-title = Відділення
ward-count = { $count ->
    [0] Зараз тут нікого немає.
    [one] Зараз тут { $count } людина.
    [few] Зараз тут { $count } людини.
    [many] Зараз тут { $count } людей.
   *[other] Зараз тут { $count } людини.
}
ward-person = Особа
ward-held = Утримується
ward-authority = Підстава утримувати
ward-until = До
ward-owed = Належить зробити
ward-next = Найближчий строк
ward-more = Наступна сторінка
ward-late = { $count } прострочено
ward-open = { $count } відкрито
ward-nothing-owed = нічого відкритого
ward-no-law = Реєстр не має закону для цього місця, тож нічого сказати не можна.
unnamed = Імені немає в реєстрі

person-at = Станом на { $at }
person-other-time = Інший момент
person-moment = Дата і час
person-past = Так було на той момент, з усім, що записано дотепер. Поверніться до теперішнього, перш ніж щось записувати.
person-look = Показати
person-now = Зараз
person-law = За законом { $law }, станом на { $day }
person-no-law = Реєстр не має закону для місць цієї справи, тож про становище сказати не можна.
person-bad-time = Часу запису { $n } там, де це сталося, не існує або він існує двічі. Доки це не виправлено, про становище сказати не можна.
held-title = Чи утримується особа?
authority-title = Чи є підстава утримувати?
without-title = Час утримання без підтвердженої підстави
without-none = немає: { $minutes } хв
without-contested = оспорено: { $minutes } хв
without-not-shown = не підтверджено: { $minutes } хв
lacks-title = Чого бракує
timeline-title = Як було і як буде, якщо більше нічого не станеться
timeline-to-come = попереду
duties-title = Що належить зробити
duties-none = Нічого не належить.
duty = Що
duty-by = Хто
duty-due = Строк
duty-state = Стан
as-soon-as = якнайшвидше
rights-title = Що може зробити особа
rights-none = Нічого не відкрито.
findings-title = Що виявлено
shortfalls-title = Нижче міжнародного стандарту
unread-title = Не прочитано: спершу виправте
unread-line = Запис { $n }: «{ $word }» у полі { $field } — не слово цього закону.
unread-near = Може, «{ $word }»?
unsaid = Немає в реєстрі, а правило про це питає: { $what }.
entries-title = Справа
entry-number = Запис
entry-when = Коли
entry-what = Що
entry-who = Хто
entry-struck = викреслено записом { $n }
entry-corrects = виправляє запис { $n }
until-end-of = до кінця дня { $day }
until-instant = до { $at }
until-open = доки це не припинить інший акт
since = з { $at }
section = стаття { $section }
