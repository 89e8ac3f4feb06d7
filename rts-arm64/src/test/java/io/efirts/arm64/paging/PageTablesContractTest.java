// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.arm64.paging;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.paging.PageSize;
import io.efirts.testkit.AddressSpaceContract;
import org.junit.jupiter.api.Nested;

/** Tables of every granule keep the contract of address spaces, with blocks and without. */
class PageTablesContractTest {
  private abstract static class OfGranule extends AddressSpaceContract {
    private final Granule granule;
    private final int virtualBits;
    private final PageSize largest;

    OfGranule(Granule granule, int virtualBits, PageSize largest) {
      super(granule.bytes());
      this.granule = granule;
      this.virtualBits = virtualBits;
      this.largest = largest;
    }

    @Override
    protected AddressSpace newAddressSpace() {
      return builder().build();
    }

    PageTablesBuilder builder() {
      return new Guest(granule, 24).builder(virtualBits).largestPage(largest);
    }
  }

  private abstract static class InRuns extends OfGranule {
    InRuns(Granule granule, PageSize largest) {
      super(granule, 48, largest);
    }

    @Override
    PageTablesBuilder builder() {
      return super.builder().contiguous();
    }
  }

  @Nested
  class FourKibInRuns extends InRuns {
    FourKibInRuns() {
      super(Granule.FOUR_KIB, PageSize.ONE_GIB);
    }
  }

  @Nested
  class SixteenKibInRuns extends InRuns {
    SixteenKibInRuns() {
      super(Granule.SIXTEEN_KIB, PageSize.SIXTEEN_KIB);
    }
  }

  @Nested
  class SixtyFourKibInRuns extends InRuns {
    SixtyFourKibInRuns() {
      super(Granule.SIXTY_FOUR_KIB, PageSize.FIVE_HUNDRED_TWELVE_MIB);
    }
  }

  @Nested
  class FourKib extends OfGranule {
    FourKib() {
      super(Granule.FOUR_KIB, 48, PageSize.ONE_GIB);
    }
  }

  @Nested
  class FourKibPagesOnly extends OfGranule {
    FourKibPagesOnly() {
      super(Granule.FOUR_KIB, 44, PageSize.FOUR_KIB);
    }
  }

  @Nested
  class FourKibThreeLevels extends OfGranule {
    FourKibThreeLevels() {
      super(Granule.FOUR_KIB, 36, PageSize.TWO_MIB);
    }
  }

  @Nested
  class SixteenKib extends OfGranule {
    SixteenKib() {
      super(Granule.SIXTEEN_KIB, 47, PageSize.THIRTY_TWO_MIB);
    }
  }

  @Nested
  class SixteenKibTwoLevels extends OfGranule {
    SixteenKibTwoLevels() {
      super(Granule.SIXTEEN_KIB, 36, PageSize.SIXTEEN_KIB);
    }
  }

  @Nested
  class SixtyFourKib extends OfGranule {
    SixtyFourKib() {
      super(Granule.SIXTY_FOUR_KIB, 48, PageSize.FIVE_HUNDRED_TWELVE_MIB);
    }
  }

  @Nested
  class SixtyFourKibTwoLevels extends OfGranule {
    SixtyFourKibTwoLevels() {
      super(Granule.SIXTY_FOUR_KIB, 42, PageSize.SIXTY_FOUR_KIB);
    }
  }

  @Nested
  class FourKibFiveLevels extends OfGranule {
    FourKibFiveLevels() {
      super(Granule.FOUR_KIB, 52, PageSize.FIVE_HUNDRED_TWELVE_GIB);
    }
  }

  @Nested
  class FourKibFiveLevelsPagesOnly extends OfGranule {
    FourKibFiveLevelsPagesOnly() {
      super(Granule.FOUR_KIB, 49, PageSize.FOUR_KIB);
    }
  }

  @Nested
  class SixteenKibOf52Bits extends OfGranule {
    SixteenKibOf52Bits() {
      super(Granule.SIXTEEN_KIB, 52, PageSize.SIXTY_FOUR_GIB);
    }
  }

  @Nested
  class SixtyFourKibOf52Bits extends OfGranule {
    SixtyFourKibOf52Bits() {
      super(Granule.SIXTY_FOUR_KIB, 52, PageSize.FOUR_TIB);
    }
  }
}
