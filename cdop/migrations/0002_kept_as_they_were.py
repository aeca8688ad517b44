"""The audit chain and the history of every record refuse to be changed or shortened."""

from django.db import migrations

from cdop.core.append_only import AppendOnly


class Migration(migrations.Migration):
    dependencies = [("cdop", "0001_records")]
    operations = [
        AppendOnly(
            "cdop_auditentry",
            "cdop_conversation",
            "cdop_historicalagendaitem",
            "cdop_historicalagreedaction",
            "cdop_historicalanalysis",
            "cdop_historicalattendance",
            "cdop_historicalcase",
            "cdop_historicalcaseaccess",
            "cdop_historicalcasefacts",
            "cdop_historicalchecklistitem",
            "cdop_historicalchosencategory",
            "cdop_historicalclocks",
            "cdop_historicalclosure",
            "cdop_historicalconfirmation",
            "cdop_historicalcontact",
            "cdop_historicaldiscussion",
            "cdop_historicaldocument",
            "cdop_historicaldomaingrade",
            "cdop_historicalevidence",
            "cdop_historicalfactor",
            "cdop_historicalfamily",
            "cdop_historicalfamilycase",
            "cdop_historicalfinding",
            "cdop_historicalhold",
            "cdop_historicalidentity",
            "cdop_historicalinvitation",
            "cdop_historicalletter",
            "cdop_historicallink",
            "cdop_historicallinkedreview",
            "cdop_historicalmeeting",
            "cdop_historicalorganisation",
            "cdop_historicalplacement",
            "cdop_historicalpointofcontact",
            "cdop_historicalreply",
            "cdop_historicalreportedvalue",
            "cdop_historicalrequest",
            "cdop_historicalresponse",
            "cdop_historicalresponsefacts",
            "cdop_historicalreview",
            "cdop_historicalroleholding",
            "cdop_historicalsettled",
            "cdop_historicalsignal",
            "cdop_historicalsignalcase",
            "cdop_historicalurgentnotice",
            "cdop_historicaluser",
            "cdop_historicalvisit",
        )
    ]
