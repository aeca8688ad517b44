"""No two accounts whose addresses differ by capitals alone: both would answer to one sign-in."""

from django.db import migrations, models
from django.db.models.functions import Lower


class Migration(migrations.Migration):
    dependencies = [("cdop", "0003_four_areas_and_the_head_of_the_chain")]
    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                Lower("email"), name="user_email_once_whatever_capitals"
            ),
        ),
    ]
