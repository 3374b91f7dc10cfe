import pytest

import tidysheets
from tidysheets import Column, Schema, SchemaError, Word

GOOD = (
    Column("goods", "good_id", "code", required="yes", key="1"),
    Column("deliveries", "good_id", "code", allowed="@goods.good_id"),
    Column("deliveries", "weight_t", "float", "吨", low=0.0, high=40.0),
)


def test_a_schema_with_faults_names_them_all():
    with pytest.raises(SchemaError) as error:
        Schema(
            columns=(
                *GOOD,
                Column("deliveries", "weight_t", "float", "吨"),
                Column("deliveries", "day", "days"),
                Column("deliveries", "price", "float", "元", low=9.0, high=1.0),
                Column("deliveries", "mill_id", "code", allowed="@mills.mill_id"),
                Column("deliveries", "grade", "code", required="maybe", allowed="best"),
                Column("deliveries", "value", "float"),
                Column("deliveries", "value_2", "float"),
            ),
            filled=("deliveries", "returns"),
            words=(
                Word("deliveries", "wieght_t", "", "净重"),
                Word("deliveries", "weight_t", "", "重"),
                Word("deliveries", "price", "", " 重 "),
            ),
            summed=("sums",),
            restated={"deliveries": "published_on"},
        )
    faults = error.value.faults
    expected = [
        "deliveries.weight_t: described 2 times",
        "deliveries.day: type 'days'",
        "deliveries.price: its least value 9 is above its greatest, 1",
        "deliveries.mill_id: it refers to mills.mill_id",
        "deliveries.grade: required 'maybe'",
        "deliveries.grade: allowed 'best'",
        "filled: there is no table returns",
        "summed: there is no table sums",
        "restated: deliveries has no column published_on",
        "deliveries: value, value_2 have no unit",
        "word '净重': deliveries has no column wieght_t",
        "word ' 重 ': it means weight_t and price of deliveries",
    ]
    assert len(faults) == len(expected)
    for fault, start in zip(faults, expected, strict=True):
        assert fault.startswith(start)
        assert fault in str(error.value)


def test_a_schema_keeps_its_columns_in_order_and_its_keys():
    schema = Schema(columns=GOOD, filled=("deliveries",))
    assert list(schema.tables["deliveries"]) == ["good_id", "weight_t"]
    assert schema.keys("goods") == ("good_id",)


def test_a_misspelt_name_of_the_package_is_answered_with_its_names():
    with pytest.raises(AttributeError, match="Schema, SchemaError"):
        tidysheets.Shema  # noqa: B018
