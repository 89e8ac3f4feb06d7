// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors
package io.efirts.pstore.log;

import java.util.List;

/** The contract holds of the simplest source there is. */
class ArrayKmsgSourceTest extends KmsgSourceContract {
  @Override
  KmsgSource sourceOf(List<String> lines) {
    return new ArrayKmsgSource(lines);
  }
}
