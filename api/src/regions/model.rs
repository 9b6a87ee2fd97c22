//! Wire types of regions.

use serde::{Deserialize, Serialize};

/// An administrative region.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Region {
    /// Dotted Kemendagri code.
    #[schema(example = "32.73.01.1001")]
    pub code: String,
    /// Official name.
    #[schema(example = "Sukarasa")]
    pub name: String,
    /// Level.
    #[schema(inline, example = "kelurahan")]
    pub level: Level,
    /// Code of the region above; null at the top.
    #[schema(required, example = "32.73.01")]
    pub parent_code: Option<String>,
    /// Other spellings.
    #[schema(example = json!(["Suka Rasa"]))]
    pub aliases: Vec<String>,
    /// Latitude of the centroid in degrees, WGS84.
    #[schema(required, example = -6.87494)]
    pub lat: Option<f64>,
    /// Longitude of the centroid in degrees, WGS84.
    #[schema(required, example = 107.58578)]
    pub lng: Option<f64>,
    /// Postal code of a kelurahan.
    #[schema(required, example = "40152")]
    pub postal_code: Option<String>,
    /// Whether it belongs to the city this installation serves.
    #[schema(example = true)]
    pub in_city: bool,
}

/// Level of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// The country.
    Country,
    /// Provinsi.
    Province,
    /// Kota or kabupaten.
    City,
    /// Kecamatan.
    Kecamatan,
    /// Kelurahan or desa.
    Kelurahan,
}

impl Level {
    pub(super) fn slug(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Province => "province",
            Self::City => "city",
            Self::Kecamatan => "kecamatan",
            Self::Kelurahan => "kelurahan",
        }
    }
    pub(super) fn parse(slug: &str) -> Self {
        [Self::Country, Self::Province, Self::City, Self::Kecamatan]
            .into_iter()
            .find(|l| l.slug() == slug)
            .unwrap_or(Self::Kelurahan)
    }
}

crate::page_of!(RegionPage, Region);

crate::list_query! {
    /// Filters of the list of regions.
    RegionQuery {
        /// Only this level.
        #[param(example = "kelurahan", inline)]
        level: Level,
        /// Only the regions directly below this one.
        #[param(example = "32.73.01", max_length = 20)]
        #[validate(length(max = 20, message = "is too long"))]
        parent_code: String,
        /// Part of the name or of another spelling; case and spaces do not matter.
        #[param(example = "suka", max_length = 100)]
        #[validate(length(max = 100, message = "is too long"))]
        q: String,
        /// Also regions outside this city and above it.
        everywhere: bool,
    }
}
