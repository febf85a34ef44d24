"""The mail with a report: its words, and the report as a PDF."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from queue_server.domain.office.office import Office
from queue_server.domain.reports.mailing import ReportMail
from queue_server.domain.reports.period import Period, step_for
from queue_server.store.writer.database import Database
from queue_server.web.edge.locale import catalog, format_moment, speaking
from queue_server.web.edge.long_work.beside import Beside
from queue_server.web.edge.words.messages.letters import Attachment, Letter

from .beside import ask_report, make_pdf
from .content import write_report


def make_report_composer(
    beside: Beside,
    database: Database,
    database_url: str,
    public_url: str,
    clock: Callable[[], datetime],
) -> Callable[[Office, ReportMail, Period], Letter]:
    """What the sender of reports asks for the mail with one."""

    def compose(office: Office, mail: ReportMail, period: Period) -> Letter:
        now = clock()
        report = ask_report(beside, database, database_url, [office], period, step_for(period), now)
        _ = catalog(mail.language).gettext
        made = _("Made %(time)s") % {"time": format_moment(now, mail.language, office.zone)}
        with speaking(mail.language):
            document = write_report(report)
        words = {
            "office": office.name,
            "period": document.period,
            "reports": f"{public_url}/manage/reports?office={office.code}",
            "stop": f"{public_url}/manage/reports/mail?office={office.code}",
        }
        lines = [
            _("The report of %(office)s, %(period)s, is attached.") % words,
            _("With charts, and of other dates: %(reports)s") % words,
            _("Managers stop these mails here: %(stop)s") % words,
        ]
        dates = f"{period.first.isoformat()}-{period.last.isoformat()}"
        file = Attachment(
            f"antrean-{office.code}-{dates}.pdf",
            "application/pdf",
            make_pdf(beside, document, made, mail.language),
        )
        subject = _("Report of %(office)s, %(period)s") % words
        return Letter(subject, "\n\n".join(lines) + "\n", attachment=file)

    return compose
