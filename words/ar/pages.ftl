product = Openward
skip = انتقل إلى المحتوى
language = اللغة
language-choose = تغيير
signed-in-as = تم الدخول باسم { $name }
sign-out = خروج
nav-ward = القسم
nav-password = كلمة السر
draft-text = هذه النصوص مسودة: لم يراجع أحد الترجمة بعد.

sign-in-title = الدخول
sign-in-name = الاسم
sign-in-password = كلمة السر
sign-in-next = التالي
code-title = الرمز
code-label = رمز من ستة أرقام
code-hint = من تطبيق المصادقة لديك، ويتغير كل ثلاثين ثانية.
code-enter = دخول
again = البدء من جديد

password-title = اختيار كلمة سر
password-why = كانت كلمة السر الأولى معروفة لمن أنشأ حسابك. اختر كلمة لا يعرفها سواك.
password-old = كلمة السر الحالية
password-new = كلمة السر الجديدة
password-hint = اثنا عشر حرفًا على الأقل. بضع كلمات لا يجمعها سواك خير من الرموز.
password-keep = حفظ

fault-title = هناك ما ينبغي تصحيحه
fault-wrong = الاسم أو كلمة السر أو الرمز غير صحيح. حاول مرة أخرى.
fault-slow = محاولات خاطئة كثيرة. حاول بعد { $minutes ->
    [one] دقيقة واحدة
    [two] دقيقتين
    [few] { $minutes } دقائق
   *[other] { $minutes } دقيقة
}.
fault-short = اختر كلمة أطول: اثنا عشر حرفًا على الأقل.
fault-long = اختر كلمة أقصر: ألف حرف على الأكثر.
fault-simple = يسهل تخمين هذه الكلمة. اختر غيرها.
fault-same = هذه هي كلمة السر السابقة. اختر غيرها.
fault-date = ليس هذا تاريخًا ووقتًا. اكتب مثلًا 2024-03-28 14:30.

not-found-title = لا شيء هنا
not-found-text = لا شيء هنا مما يحق لك الاطلاع عليه. عد إلى القسم، أو اسأل من يدير حسابات مؤسستك.
stale-title = بقيت الصفحة مفتوحة أطول مما ينبغي
stale-text = لم يأتِ ما أُرسل من صفحة تخص هذا الدخول. لم يُفعل شيء. عد وحمّل الصفحة من جديد ثم أرسل مرة أخرى.
failed-title = لم ينجح الأمر
failed-text = لم يُفعل شيء. حاول مرة أخرى؛ وإن تكرر ذلك فأبلغ من يدير السجل بهذا الرمز: { $code }.
back = العودة إلى القسم

ward-title = القسم
ward-count = { $count ->
    [0] لا أحد هنا الآن.
    [one] شخص واحد هنا الآن.
    [two] شخصان هنا الآن.
    [few] { $count } أشخاص هنا الآن.
    [many] { $count } شخصًا هنا الآن.
   *[other] { $count } شخص هنا الآن.
}
ward-person = الشخص
ward-held = محتجز
ward-authority = سند الاحتجاز
ward-until = حتى
ward-owed = الواجب
ward-next = أقرب موعد
ward-more = الصفحة التالية
ward-late = متأخر: { $count }
ward-open = مفتوح: { $count }
ward-nothing-owed = لا شيء مفتوح
ward-no-law = ليس في السجل قانون لهذا المكان، فلا يمكن قول شيء.
unnamed = الاسم غير مسجل

person-at = كما في { $at }
person-other-time = وقت آخر
person-moment = التاريخ والوقت
person-past = هكذا كان الوضع في تلك اللحظة، مع كل ما سُجِّل حتى الآن. عُد إلى الآن قبل أن تسجل شيئًا.
person-look = عرض
person-now = الآن
person-law = بموجب { $law }، كما في { $day }
person-no-law = ليس في السجل قانون لأماكن هذا الملف، فلا يمكن بيان الوضع.
person-bad-time = وقت القيد { $n } لا وجود له أو يتكرر مرتين حيث وقع. لا يمكن بيان الوضع قبل تصحيحه.
held-title = هل الشخص محتجز؟
authority-title = هل هناك سند للاحتجاز؟
without-title = مدة الاحتجاز دون سند ثابت
without-none = لا سند: { $minutes } دقيقة
without-contested = متنازع فيه: { $minutes } دقيقة
without-not-shown = غير ثابت: { $minutes } دقيقة
lacks-title = ما ينقص
timeline-title = ما جرى، وما سيكون إن لم يحدث شيء آخر
timeline-to-come = آتٍ
duties-title = ما هو واجب
duties-none = لا واجب.
duty = ماذا
duty-by = على من
duty-due = الموعد
duty-state = الحالة
as-soon-as = في أقرب وقت ممكن
rights-title = ما يحق للشخص فعله
rights-none = لا شيء مفتوح.
findings-title = ما تبيّن
shortfalls-title = دون المعيار الدولي
unread-title = لم يُقرأ: صحّحه أولًا
unread-line = القيد { $n }: «{ $word }» في { $field } ليست من كلمات هذا القانون.
unread-near = هل تقصد «{ $word }»؟
unsaid = غير مسجل، وتسأل عنه قاعدة ما: { $what }.
entries-title = الملف
entry-number = القيد
entry-when = متى
entry-what = ماذا
entry-who = من
entry-struck = شطبه القيد { $n }
entry-corrects = يصحح القيد { $n }
until-end-of = حتى نهاية { $day }
until-instant = حتى { $at }
until-open = حتى ينهيه إجراء آخر
since = منذ { $at }
section = المادة { $section }
