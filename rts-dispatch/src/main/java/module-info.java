// SPDX-License-Identifier: Apache-2.0
// Copyright the efi-rts authors

/** The dispatcher: ring, worker, gate and the life of a call. */
@SuppressWarnings("module") // the one module that gets an export of its own is compiled later
module io.efirts.dispatch {
  requires transitive io.efirts.api;
  requires com.lmax.disruptor;
  requires org.jctools.core;
  requires jdk.jfr;
  requires org.slf4j;

  exports io.efirts.dispatch;
  exports io.efirts.dispatch.emergency;
  exports io.efirts.dispatch.event;
  exports io.efirts.dispatch.mode;
  exports io.efirts.dispatch.policy;
  exports io.efirts.dispatch.virtualmode;
  exports io.efirts.dispatch.rounds to
      io.efirts.pstore;
}
