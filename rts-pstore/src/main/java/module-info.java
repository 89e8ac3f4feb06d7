// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** Crash records in EFI variables. */
module io.efirts.pstore {
  requires transitive io.efirts.api;
  requires transitive io.efirts.dispatch;
  requires org.jctools.core;
  requires org.slf4j;
  requires static transitive java.logging;

  exports io.efirts.pstore;
  exports io.efirts.pstore.format;
  exports io.efirts.pstore.log;
  exports io.efirts.pstore.log.jul;
  exports io.efirts.pstore.policy;
  exports io.efirts.pstore.quota;
  exports io.efirts.pstore.read;
  exports io.efirts.pstore.report;
}
