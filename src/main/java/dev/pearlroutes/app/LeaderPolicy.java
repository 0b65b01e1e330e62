package dev.pearlroutes.app;

import java.util.List;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.cluster.CamelClusterMember;
import org.apache.camel.impl.cluster.ClusteredRoutePolicy;
import org.apache.camel.spi.RoutePolicy;
import org.apache.camel.support.RoutePolicySupport;
import org.apache.camel.support.cluster.AbstractCamelClusterService;
import org.apache.camel.support.cluster.AbstractCamelClusterView;

/** The leadership as Camel knows it: routes with {@code routePolicy: leader} run on the node that leads. */
final class LeaderPolicy extends AbstractCamelClusterService<LeaderPolicy.View> {
    private static final String NAMESPACE = "ledger";

    private final View view = new View();

    /** Makes the policy of a process that leads always. */
    static RoutePolicy always() {
        return new RoutePolicySupport() {};
    }

    /** Makes the policy of a process that leads from {@link #begin} on. */
    RoutePolicy of(CamelContext context) {
        try {
            context.addService(this);
            return ClusteredRoutePolicy.forNamespace(this, NAMESPACE);
        } catch (Exception e) {
            throw RuntimeCamelException.wrapRuntimeCamelException(e);
        }
    }

    /** Starts the routes of the leader. */
    void begin() {
        view.begin();
    }

    @Override
    protected View createView(String namespace) {
        return view;
    }

    /** The nodes as this one sees them: itself, which leads or not. */
    final class View extends AbstractCamelClusterView {
        private volatile boolean leads;

        private final CamelClusterMember self = new CamelClusterMember() {
            @Override
            public boolean isLeader() {
                return leads;
            }

            @Override
            public boolean isLocal() {
                return true;
            }

            @Override
            public String getId() {
                return "this";
            }
        };

        private View() {
            super(LeaderPolicy.this, NAMESPACE);
        }

        private void begin() {
            leads = true;
            fireLeadershipChangedEvent(self);
        }

        @Override
        public Optional<CamelClusterMember> getLeader() {
            return leads ? Optional.of(self) : Optional.empty();
        }

        @Override
        public CamelClusterMember getLocalMember() {
            return self;
        }

        @Override
        public List<CamelClusterMember> getMembers() {
            return List.of(self);
        }

        @Override
        protected void doStart() {
            if (leads) {
                fireLeadershipChangedEvent(self);
            }
        }

        @Override
        protected void doStop() {
            leads = false;
        }
    }
}
