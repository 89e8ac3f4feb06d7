// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.x86.paging;

import io.efirts.api.memory.AddressSpace;
import io.efirts.api.paging.PageSize;
import io.efirts.testkit.AddressSpaceContract;
import org.junit.jupiter.api.Nested;

/** Tables of every mode keep the contract of address spaces, with large pages and without. */
class PageTablesContractTest {
  private static PageTables tables(PagingMode mode, PageSize largest) {
    return new Guest(64).builder(mode).largestPage(largest).build();
  }

  @Nested
  class FourLevel extends AddressSpaceContract {
    @Override
    protected AddressSpace newAddressSpace() {
      return tables(PagingMode.FOUR_LEVEL, PageSize.ONE_GIB);
    }
  }

  @Nested
  class FourLevelSmallPages extends AddressSpaceContract {
    @Override
    protected AddressSpace newAddressSpace() {
      return tables(PagingMode.FOUR_LEVEL, PageSize.FOUR_KIB);
    }
  }

  @Nested
  class FiveLevel extends AddressSpaceContract {
    @Override
    protected AddressSpace newAddressSpace() {
      return tables(PagingMode.FIVE_LEVEL, PageSize.TWO_MIB);
    }
  }

  @Nested
  class Pae extends AddressSpaceContract {
    @Override
    protected AddressSpace newAddressSpace() {
      return tables(PagingMode.PAE, PageSize.TWO_MIB);
    }
  }

  @Nested
  class Legacy extends AddressSpaceContract {
    @Override
    protected AddressSpace newAddressSpace() {
      return tables(PagingMode.LEGACY_32, PageSize.FOUR_MIB);
    }

    @Override
    protected boolean canForbidExecution() {
      return false;
    }
  }

  @Nested
  class WithoutExecuteDisable extends AddressSpaceContract {
    @Override
    protected AddressSpace newAddressSpace() {
      return new Guest(64).builder(PagingMode.FOUR_LEVEL).withoutExecuteDisable().build();
    }

    @Override
    protected boolean canForbidExecution() {
      return false;
    }
  }
}
