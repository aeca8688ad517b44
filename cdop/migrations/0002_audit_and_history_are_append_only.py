"""From here on the audit chain and every row history refuse to be changed or shortened."""

from django.db import migrations

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cdop", "0001_the_case_from_opening_to_finding")]
    operations = [
        AppendOnly(
            "cdop_auditentry",
            "cdop_historicalagendaitem",
            "cdop_historicalanalysis",
            "cdop_historicalattendance",
            "cdop_historicalcase",
            "cdop_historicalcaseaccess",
            "cdop_historicalcasefacts",
            "cdop_historicalchecklistitem",
            "cdop_historicalchosencategory",
            "cdop_historicalclocks",
            "cdop_historicalclosure",
            "cdop_historicalcontact",
            "cdop_historicaldomaingrade",
            "cdop_historicalfactor",
            "cdop_historicalfinding",
            "cdop_historicalidentity",
            "cdop_historicalmeeting",
            "cdop_historicalorganisation",
            "cdop_historicalreportedvalue",
            "cdop_historicalreview",
            "cdop_historicalroleholding",
            "cdop_historicaluser",
        )
    ]
