# shellcheck shell=bash disable=SC2154 # bench.sh defines what is used here
# The counterfactual city: one synthetic year under three ways to divide the same money. The city is a generated one of its
# own (33,000 households), from a public seed; what is assumed stands in api/allocation/examples/counterfactual/.
(cd "$ROOT" && cargo run --quiet --release --locked -p satupintu-allocation --example counterfactual 33000 9>&-)
